import type { ClientFrame, MyRoom, ServerEnvelope, Welcome } from '@parley/contract';
import { HEARTBEAT_MS, LIMITS } from '@parley/contract';
import { ME } from './samples';

/** A gateway at the other end of `WebSocket`: it welcomes whoever signs in, and says what a test has it say. */
export class FakeGateway {
  /** What it was told, in its order. */
  readonly frames: ClientFrame[] = [];
  rooms: MyRoom[] = [];
  /** Whether sockets never open, as where the network swallows everything. */
  isSilent = false;
  readonly sockets = new Set<FakeSocket>();

  /** From now on it is what `WebSocket` reaches. */
  install(): this {
    const accept = (socket: FakeSocket): void => {
      this.sockets.add(socket);
      if (!this.isSilent) socket.onopen();
    };
    const take = (socket: FakeSocket, frame: ClientFrame): void => this.#take(socket, frame);
    const hungUp = (socket: FakeSocket): void => void this.sockets.delete(socket);
    globalThis.WebSocket = class extends FakeSocket {
      constructor(readonly url: string) {
        super({ accept, take, hungUp });
      }
    } as unknown as typeof WebSocket;
    return this;
  }

  /** Says something to everybody who is connected. */
  say(envelope: ServerEnvelope): void {
    for (const socket of this.sockets) socket.hear(envelope);
  }

  /** Closes every connection with a code. */
  close(code: number): void {
    for (const socket of [...this.sockets]) socket.end(code);
  }

  #take(socket: FakeSocket, frame: ClientFrame): void {
    this.frames.push(frame);
    if (frame.event === 'authenticate' && frame.id !== undefined) {
      socket.hear({ event: 'reply', id: frame.id, data: this.#welcome() });
    }
  }

  #welcome(): Welcome {
    const at = '2026-11-22T08:00:00.000Z';
    const session = { id: 's1', device: '', created_at: at, last_seen_at: at, expires_at: at, current: true };
    return { user: ME, session, rooms: this.rooms, heartbeatMs: HEARTBEAT_MS, limits: LIMITS };
  }
}

interface SocketOwner {
  accept(socket: FakeSocket): void;
  take(socket: FakeSocket, frame: ClientFrame): void;
  hungUp(socket: FakeSocket): void;
}

class FakeSocket {
  onopen = (): void => {};
  onmessage = (_event: { data: string }): void => {};
  onclose = (_event: { code: number; reason: string }): void => {};
  readonly #owner: SocketOwner;

  constructor(owner: SocketOwner) {
    this.#owner = owner;
    queueMicrotask(() => owner.accept(this));
  }

  send(frame: string): void {
    queueMicrotask(() => this.#owner.take(this, JSON.parse(frame) as ClientFrame));
  }

  close(): void {
    this.end(1000);
  }

  hear(envelope: ServerEnvelope): void {
    this.onmessage({ data: JSON.stringify(envelope) });
  }

  end(code: number): void {
    this.#owner.hungUp(this);
    this.onclose({ code, reason: '' });
  }
}
