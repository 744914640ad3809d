import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import { resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '../..');
const DEADLINE_MS = 60_000;

/** How a process ended and what it had said. */
export interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A server as its operator has it: a process that is started by a command, watched by its output, stopped by a signal. */
export class ServerProcess {
  readonly ended: Promise<Ending>;
  private readonly output = new EventEmitter();
  private stdout = '';
  private stderr = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.output.emit('grown', (this.stdout += text)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.output.emit('grown', (this.stderr += text)));
    this.ended = new Promise((done) => {
      child.once('close', (code) => {
        this.output.emit('closed');
        done({ code, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Runs a command at the repository's top, as the head of a process group of its own, as a terminal would. */
  static run([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): ServerProcess {
    const options = { cwd: REPOSITORY, env: { ...process.env, ...env }, detached: true };
    return new ServerProcess(spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** The address that the server says it answers on. */
  async address(): Promise<string> {
    const [address] = await this.said(/http:\/\/[\w.:[\]-]+:\d+/);
    return address.replace('0.0.0.0', '127.0.0.1');
  }

  /** Waits for a piece of its output, as long as it runs. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const find = () => pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
    const already = find();
    if (already) return already;
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const grown = on(this.output, 'grown', { signal, close: ['closed'] });
    const next = () => grown.next().catch(() => ({ done: true }));
    while (!(await next()).done) {
      const found = find();
      if (found) return found;
    }
    throw new Error(`It did not say ${pattern}, but:\n${this.stdout}${this.stderr}`);
  }

  /** Signals the process itself, as a supervisor does. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Signals everything that the command started, as Ctrl-C in a terminal does. */
  signalGroup(signal: NodeJS.Signals | 0): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
  }

  /** Whether anything that the command started still runs. */
  isAnyLeft(): boolean {
    try {
      this.signalGroup(0);
      return true;
    } catch {
      return false;
    }
  }
}
