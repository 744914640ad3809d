import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line of TCP to a server that can be cut, be mended, and lose what comes back on it. */
export class Line {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private isCut = false;
  private losesAnswers = false;

  private constructor(
    private readonly listener: Server,
    private readonly port: number,
  ) {
    listener.on('connection', (near) => this.join(near));
  }

  static async to(port: number): Promise<Line> {
    const listener = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Line(listener, port);
  }

  get nearPort(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Every connection breaks, and new ones do. */
  cut(): void {
    this.isCut = true;
    this.breakConnections();
  }

  /** Every connection breaks; new ones are made at once. */
  blink(): void {
    this.breakConnections();
  }

  /** What is asked arrives; what is answered is lost. */
  loseAnswers(): void {
    this.losesAnswers = true;
  }

  /** All is well with connections that are made from now on. */
  mend(): void {
    this.isCut = false;
    this.losesAnswers = false;
    this.breakConnections();
  }

  close(): void {
    this.breakConnections();
    this.listener.close();
  }

  private join(near: Socket): void {
    if (this.isCut) return void near.destroy();
    const far = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    const pair = [near, far] as const;
    this.pairs.add(pair);
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => !this.losesAnswers && near.write(data));
    for (const socket of pair) socket.on('error', () => undefined).on('close', () => this.part(pair));
  }

  private part(pair: readonly [Socket, Socket]): void {
    this.pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }

  private breakConnections(): void {
    for (const pair of [...this.pairs]) this.part(pair);
  }
}
