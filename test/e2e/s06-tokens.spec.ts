import { Parley } from '../support/app-harness';

describe('A token', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  it('S6 names its own person, however many others ask at the same moment', async () => {
    const people = await parley.crowd(10);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const asking = people[index % people.length]!;
        return { asked: asking.me, answered: await asking.rest.me() };
      }),
    );
    for (const { asked, answered } of answers) expect(answered).toEqual(asked);
  });
});
