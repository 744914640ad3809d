/** The processes of a measurement: the servers under test and the load generator. Each runs on its own. */
import { fork, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const READY = /ready at (\w+:\/\/\S+)/;
const READY_WITHIN_MS = 30_000;
const TICKS_PER_SECOND = 100;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** No process outlives the benchmark, however that ends. */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

function watch(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Starts a server; resolves when it says that it is ready. */
export function startServer(node, script, { env = {}, args: handedOn = [], profileInto } = {}) {
  const profiling = profileInto ? ['--cpu-prof', `--cpu-prof-dir=${profileInto}`] : [];
  const args = [...profiling, '--expose-gc', '--import', here('memory-on-demand.mjs'), script, ...handedOn];
  const child = watch(
    spawn(node, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
  );
  let said = '';
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${script} is not ready:\n${said}`)), READY_WITHIN_MS);
    const listen = (chunk) => {
      said = (said + chunk).slice(-10_000);
      const [, url] = READY.exec(said) ?? [];
      if (!url) return;
      clearTimeout(late);
      resolve(new RunningServer(child, new URL(url), ended, () => said));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then(() => reject(new Error(`${script} ended:\n${said}`)));
  });
}

class RunningServer {
  constructor(child, url, ended, said) {
    this.child = child;
    this.url = url;
    this.ended = ended;
    this.said = said;
  }

  get host() {
    return '127.0.0.1';
  }

  get port() {
    return Number(this.url.port);
  }

  /** Seconds of CPU so far: of all threads, and of each thread that has used any, the busiest first. */
  cpu() {
    const folder = `/proc/${this.child.pid}/task`;
    if (!existsSync(folder)) return { all: Number.NaN, main: Number.NaN };
    const threads = new Map(readdirSync(folder).map((id) => [Number(id), threadSeconds(`${folder}/${id}/stat`)]));
    return { all: [...threads.values()].reduce((sum, each) => sum + each, 0), main: threads.get(this.child.pid) };
  }

  /** What the server occupies after collecting its garbage thoroughly (`memory`), or once (`collect`). */
  memory(how = 'memory') {
    const answer = new Promise((resolve) => this.child.once('message', ({ memory }) => resolve(memory)));
    this.child.send(how);
    return answer;
  }

  /** What the server occupies at this moment, in bytes. */
  rss() {
    const [, kiB] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8')) ?? [];
    return Number(kiB) * 1_024;
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
  }
}

function threadSeconds(path) {
  try {
    const fields = readFileSync(path, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0; // The thread has just ended.
  }
}

/** Runs a job in a new generator; `at` hears of the moments between which it measures. */
export class Generator {
  #child;
  #at = () => undefined;
  #settle;

  constructor(node, { profileInto, script = 'generator.mjs' } = {}) {
    const execArgv = profileInto ? ['--cpu-prof', `--cpu-prof-dir=${profileInto}`] : [];
    this.#child = watch(fork(here(script), { execPath: node, execArgv }));
    this.#child.on('message', ({ moment, result, error }) => {
      if (moment) void this.#reach(moment);
      else if (error) this.#settle.reject(new Error(error));
      else this.#settle.resolve(result);
    });
    this.ended = new Promise((resolve) => this.#child.once('exit', resolve));
    void this.ended.then((code) => this.#settle?.reject(new Error(`The generator ended with ${code}.`)));
  }

  /** Some moments wait until whoever started the generator has done their part. */
  async #reach(moment) {
    await this.#at(moment);
    if (this.#child.connected) this.#child.send('go on');
  }

  run(job, at) {
    this.#at = at ?? this.#at;
    this.#child.send(job);
    return new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  async end() {
    if (this.#child.connected) this.#child.send('end');
    await this.ended;
  }
}
