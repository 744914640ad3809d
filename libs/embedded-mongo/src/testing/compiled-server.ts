import { transformFileSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { globSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SOURCES = join(__dirname, '..');
const NODE_MODULES = join(SOURCES, '../../../node_modules');
const SCRIPT = `
  const { EmbeddedMongo } = require('./index.js');
  EmbeddedMongo.start({ directory: process.argv[2] }).then(
    (server) => process.stdout.write(server.uri + '\\n'),
    (error) => { console.error(error.name + ': ' + error.message); process.exit(1); });
  process.stdin.resume().on('end', () => process.exit(0));`;

/** Compiles the library into a folder, so that it can run on its own, with its worker. */
export function compileInto(folder: string): void {
  for (const name of globSync('**/*.ts', { cwd: SOURCES })) {
    if (name.endsWith('.spec.ts') || name.startsWith('testing')) continue;
    const { code } = transformFileSync(join(SOURCES, name), {
      swcrc: false,
      module: { type: 'commonjs' },
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    });
    const target = join(folder, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  symlinkSync(NODE_MODULES, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'main.js'), SCRIPT);
}

/** A server in a process of its own. */
export interface ServerProcess {
  process: ChildProcess;
  uri: string;
}

/** Starts the compiled server on a data directory; rejects with what it said if it does not come up. */
export function startProcess(folder: string, directory: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(folder, 'main.js'), directory], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += String(chunk)));
  return new Promise((started, failed) => {
    child.stdout.once('data', (chunk: Buffer) => started({ process: child, uri: String(chunk).trim() }));
    child.once('exit', () => failed(new Error(complaint)));
  });
}

/** Kills a process as the operating system would, and waits until it is gone. */
export function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`the server had ended by itself (${child.exitCode})`);
  return new Promise((gone) => {
    child.once('exit', () => gone());
    child.kill('SIGKILL');
  });
}
