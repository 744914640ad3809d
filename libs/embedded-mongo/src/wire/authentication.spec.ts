import { MongoClient, MongoServerError } from 'mongodb';
import { EmbeddedMongo } from '../index';

const credentials = { user: 'chị=Hà,1', password: 'bí mật, =3D' };
let server: EmbeddedMongo;
let port: string;
beforeAll(async () => {
  server = await EmbeddedMongo.start({ listen: { port: 0, credentials } });
  port = /:(\d+)\/\?/.exec(server.uri)![1]!;
});
afterAll(() => server.stop());

/** Signs in as the driver does, from options of its own. */
function signIn(auth: { username: string; password: string } | undefined, mechanism?: string): Promise<MongoClient> {
  const options = { directConnection: true, ...(auth ? { auth, authSource: 'admin' } : {}) };
  const named = mechanism === undefined ? {} : { authMechanism: mechanism as 'SCRAM-SHA-1' };
  return new MongoClient(`mongodb://127.0.0.1:${port}/`, { ...options, ...named }).connect();
}

const { user: username, password } = credentials;

it('lets in who knows the password: by the connection string, and by the mechanism that the driver agrees on', async () => {
  for (const opened of [MongoClient.connect(server.uri), signIn({ username, password })]) {
    const client = await opened;
    expect(await client.db('a').collection('c').countDocuments()).toBe(0);
    await client.close();
  }
});

it.each([
  ['a wrong password', { username, password: 'bí mạt' }, undefined, 18],
  ['an unknown user', { username: 'an', password }, undefined, 18],
  ['another mechanism', { username, password }, 'SCRAM-SHA-1', 334],
])('refuses %s', async (_, auth, mechanism, code) => {
  await expect(signIn(auth, mechanism)).rejects.toMatchObject({ constructor: MongoServerError, code });
});

it('refuses every command of who did not sign in but the greetings', async () => {
  const client = await signIn(undefined);
  expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  for (const command of [{ find: 'c' }, { insert: 'c', documents: [{}] }, { serverStatus: 1 }, { dropDatabase: 1 }])
    await expect(client.db('a').command(command)).rejects.toMatchObject({ code: 13, codeName: 'Unauthorized' });
  await client.close();
});

it('makes up a password where none is given', async () => {
  const other = await EmbeddedMongo.start({ listen: { port: 0 } });
  expect(other.uri).toMatch(/^mongodb:\/\/embedded:[0-9a-f]{48}@127\.0\.0\.1:\d+\/\?/);
  await expect(MongoClient.connect(other.uri.replace(/:[0-9a-f]+@/, ':wrong@'))).rejects.toMatchObject({ code: 18 });
  const client = await MongoClient.connect(other.uri);
  await expect(client.db('admin').command({ backup: 'anywhere' })).rejects.toMatchObject({ code: 13 });
  await client.close();
  await other.stop();
});
