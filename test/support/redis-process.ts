import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { ServerProcess } from './server-process';

/** A port that was free can be taken by the time it is used. */
const TRIES = 5;

/** Debian's Redis as a process of its own, that keeps nothing on disk, and can be stopped, paused and started again. */
export class RedisProcess {
  private process: ServerProcess | undefined;

  private constructor(private readonly port: number) {}

  /** Starts one on a port that nobody uses. */
  static async starts(): Promise<RedisProcess> {
    for (let tries = 1; ; tries++) {
      const redis = new RedisProcess(await freePort());
      try {
        await redis.starts();
        return redis;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port as before, empty. */
  async starts(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.process = ServerProcess.run(['redis-server', ...options], {});
    await this.process.said(/Ready to accept connections/);
  }

  /** Stops it, without a word to anybody. */
  async stops(): Promise<void> {
    this.process?.signal('SIGKILL');
    await this.process?.ended;
  }

  /** It keeps its connections and answers nothing. */
  pauses(): void {
    this.process?.signal('SIGSTOP');
  }

  /** It forgets all that it has. */
  isFlushed(): Promise<void> {
    return this.does('FLUSHALL');
  }

  /** Everybody who listens to a channel is cut off, as by a Redis to which they are too slow. */
  cutsListeners(): Promise<void> {
    return this.does('CLIENT KILL TYPE PUBSUB');
  }

  private async does(command: string): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    socket.write(`${command}\r\n`);
    await once(socket, 'data');
    socket.destroy();
  }

  goesOn(): void {
    this.process?.signal('SIGCONT');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
