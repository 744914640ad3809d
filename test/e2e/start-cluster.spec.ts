import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, Person } from '../support/people';
import { ServerProcess } from '../support/server-process';

const START = ['npm', 'run', 'start:cluster', '--', '2'];

describe('npm run start:cluster', () => {
  let dataDir: string;
  let cluster: ServerProcess;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'parley-start-'));
    const env = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'warn', MONGO_URI: '', REDIS_URL: '' };
    cluster = ServerProcess.run(START, env);
  });
  afterEach(async () => {
    if (cluster.isAnyLeft()) cluster.signalGroup('SIGKILL');
    await cluster.ended;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const address = (url: string): Address => ({ url, gatewayUrl: `${url.replace('http', 'ws')}/ws` });

  it('S1 S14 starts servers that share a database and hear each other, and stops them all on Ctrl-C', async () => {
    const [, one, other] = await cluster.said(/ready at (http:\S+)[\s\S]*ready at (http:\S+)/);
    const an = await Person.signsUp(address(one!), 'An');
    const there = await Person.holds(address(other!), { user: an.me, token: an.token }).opensPeer();
    const { id: room } = await an.rest.createRoom({ name: 'Both' });
    await there.hears('roomAdded', ({ id }) => id === room);
    await an.says({ id: room }, 'hello');
    await there.hears('messagePosted', ({ text }) => text === 'hello');
    there.cuts();
    cluster.signalGroup('SIGINT');
    expect(await cluster.ended).toMatchObject({ code: 0 });
    expect(cluster.isAnyLeft()).toBe(false);
  });
});
