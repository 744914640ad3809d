import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ending, ServerProcess } from '../support/server-process';

const START = [process.execPath, 'scripts/start.mjs'];
/** As under a Node that cannot replace itself: the server is then a child of the script. */
const START_AS_CHILD = [
  process.execPath,
  '--import',
  'data:text/javascript,delete process.execve',
  'scripts/start.mjs',
];
/** Its line in package.json begins with `exec`: a shell in between would take the signals for itself. */
const NPM_START = ['npm', 'start'];

describe('npm start', () => {
  let dataDir: string;
  let started: ServerProcess[];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'parley-start-'));
    started = [];
  });

  afterEach(async () => {
    for (const server of started.filter((each) => each.isAnyLeft())) server.signalGroup('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    rmSync(dataDir, { recursive: true, force: true });
  });

  function start(command: readonly string[], env: Readonly<Record<string, string>> = {}): ServerProcess {
    const defaults = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'warn', MONGO_URI: '' };
    const server = ServerProcess.run(command, { ...defaults, ...env });
    started.push(server);
    return server;
  }

  async function isHealthy(address: string): Promise<boolean> {
    const answer = await fetch(`${address}/healthz`).catch(() => undefined);
    return answer?.ok ?? false;
  }

  /** It says why in one line, and nothing else. */
  function expectOneLine({ code, stdout, stderr }: Ending, line: RegExp): void {
    expect({ code, lines: (stdout + stderr).trimEnd().split('\n') }).toEqual({
      code: 1,
      lines: [expect.stringMatching(line)],
    });
  }

  it('S1 S2 says its address, answers there, and has nothing to install or build when it starts again', async () => {
    const first = start(START);
    expect(await isHealthy(await first.address())).toBe(true);
    first.signal('SIGTERM');
    await first.ended;

    const second = start(START);
    expect(await isHealthy(await second.address())).toBe(true);
    second.signal('SIGTERM');
    expect((await second.ended).stdout).toMatch(/^Parley is ready at \S+\n$/);
  });

  it.each([
    ['SIGINT', 'in place of the script', START],
    ['SIGTERM', 'in place of the script', START],
    ['SIGINT', 'as its child', START_AS_CHILD],
    ['SIGTERM', 'as its child', START_AS_CHILD],
  ] as const)('S1 stops on %s, running %s, with exit code 0 and nothing left', async (signal, _, command) => {
    const server = start(command);
    const address = await server.address();
    server.signal(signal);
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
    expect(server.isAnyLeft()).toBe(false);
    expect(await isHealthy(address)).toBe(false);
  });

  it('S1 stops on Ctrl-C, which reaches npm and the server alike, with nothing left', async () => {
    const server = start(NPM_START);
    await server.address();
    server.signalGroup('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(server.isAnyLeft()).toBe(false);
  });

  it('S1 stops when only npm is told to, with nothing left', async () => {
    const server = start(NPM_START);
    await server.address();
    server.signal('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(server.isAnyLeft()).toBe(false);
  });

  it('S1 says in one line that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1').unref();
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expectOneLine(await start(START, { PORT: String(port) }).ended, new RegExp(`${port}.*in use`));
  });

  it('S2 says in one line that the data directory is in use, and leaves its user alone', async () => {
    const first = start(START);
    const address = await first.address();
    expectOneLine(await start(START).ended, /in use/);
    expect(await isHealthy(address)).toBe(true);
  });

  it('S2 says in one line that the data directory cannot be read', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    expectOneLine(await start(START, { DATA_DIR: file }).ended, /file/);
  });

  it('says in one line which variable is wrong', async () => {
    expectOneLine(await start(START, { PORT: 'many' }).ended, /PORT must be/);
  });
});
