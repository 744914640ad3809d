import { MortalServer } from '../faults/mortal-server';
import { PASSWORD, Person } from '../support/people';
import { ServerProcess, type Ending } from '../support/server-process';

describe('Whoever has forgotten their password', () => {
  const server = new MortalServer();
  let an: Person;
  let binh: Person;
  let password = PASSWORD;

  beforeAll(async () => {
    await server.starts();
    [an, binh] = [await Person.signsUp(server, 'An'), await Person.signsUp(server, 'Bình')];
  });
  afterAll(() => server.isGone());

  const asks = (phone: string): Promise<Ending> =>
    ServerProcess.run([process.execPath, 'scripts/new-password.mjs', phone], server.environment).ended;

  it.each(['runs', 'does not run'])('S5 gets a new one from the operator while the server %s', async (state) => {
    const before = await Person.signsIn(server, an.phone, password);
    if (state === 'does not run') await server.isKilled();
    const { code, stdout, stderr } = await asks(an.phone.replace('+84', '0'));
    if (state === 'does not run') await server.starts();
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('An') as string });
    expect(stdout).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}\n$/);
    await expect(Person.signsIn(server, an.phone, password)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
    await expect(before.rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    password = stdout.trim();
    expect((await Person.signsIn(server, an.phone, password)).id).toBe(an.id);
    expect((await binh.rest.me()).id).toBe(binh.id);
  });
  it('S5 and nobody else does: an unknown number, or none, changes nothing', async () => {
    for (const [phone, problem] of [
      ['0912 000 000', 'nobody here has that number'],
      ['An', 'that is no phone number'],
    ] as const) {
      const { code, stdout, stderr } = await asks(phone);
      expect({ code, stdout, stderr }).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(problem) });
    }
    expect((await Person.signsIn(server, an.phone, password)).id).toBe(an.id);
    expect((await binh.rest.me()).id).toBe(binh.id);
  });
});
