import { OneATurn } from './one-a-turn';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('OneATurn', () => {
  it('does one thing a turn, in order, and what is added meanwhile too', async () => {
    const done: number[] = [];
    const work = new OneATurn();
    work.add(() => {
      done.push(1);
      work.add(() => done.push(3));
    });
    work.add(() => done.push(2));
    for (const expected of [[1], [1, 2], [1, 2, 3], [1, 2, 3]]) {
      await turn();
      expect(done).toEqual(expected);
    }
    work.add(() => done.push(4));
    await turn();
    expect(done).toEqual([1, 2, 3, 4]);
  });
});
