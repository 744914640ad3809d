import type { ClientFrame, CommandName, EventEnvelope, ServerEnvelope } from '@parley/contract';
import type { SocketEvents, SocketFactory } from '../src/connection/socket';

/** A line without a network: it opens at once, and a frame is heard, whole, before `deliver` returns. */
export class HandLine {
  readonly #sent: ClientFrame[] = [];
  #events?: SocketEvents;

  readonly socket: SocketFactory = (_url, events) => {
    this.#events = events;
    queueMicrotask(() => events.opened());
    return { send: (frame) => this.#sent.push(JSON.parse(frame) as ClientFrame), close: () => {} };
  };

  /** Takes the oldest command of this name that nobody took; undefined if there is none. */
  take<C extends CommandName>(name: C): Extract<ClientFrame, { event: C }> | undefined {
    const at = this.#sent.findIndex(({ event }) => event === name);
    return at < 0 ? undefined : (this.#sent.splice(at, 1)[0] as Extract<ClientFrame, { event: C }>);
  }

  /** One frame of the server. */
  deliver(...envelopes: ServerEnvelope[]): void {
    this.#events?.received(JSON.stringify(envelopes));
  }

  /** The line drops. */
  cut(): void {
    this.#events?.closed(1006, '');
  }
}

/** The answer to a command, of whatever shape. */
export function reply(frame: ClientFrame | undefined, data: unknown): ServerEnvelope {
  if (frame?.id === undefined) throw new Error('There is no such command.');
  return { event: 'reply', id: frame.id, data } as ServerEnvelope;
}

export function added(room: Extract<EventEnvelope, { event: 'roomAdded' }>['data']): EventEnvelope {
  return { event: 'roomAdded', data: room };
}

export function removed(room: string, reason: 'left' | 'deleted' = 'left'): EventEnvelope {
  return { event: 'roomRemoved', data: { room, reason } };
}
