import type { CommandId, WireError } from '@parley/contract';
import type { Clock } from '../clock';
import { ParleyError } from '../errors';

/** Who waits for a reply. Exactly one of the two is called, once. */
export interface Waiting {
  reply(data: unknown): void;
  failed(error: ParleyError): void;
}

/** The commands of one connection that wait for their replies, each with its own deadline. */
export class PendingReplies {
  readonly #clock: Clock;
  readonly #waiting = new Map<CommandId, Waiting & { callOff: () => void }>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Begins to wait, for `timeoutMs` at most; the answer is the id to send the command under. */
  add(waiting: Waiting, timeoutMs: number): number {
    const id = ++this.#lastId;
    const callOff = this.#clock.schedule(timeoutMs, () => this.#take(id)?.failed(timedOut(timeoutMs)));
    this.#waiting.set(id, { ...waiting, callOff });
    return id;
  }

  /** Hands over a reply. One that nobody waits for came too late and is dropped. */
  reply(id: CommandId, data: unknown): void {
    this.#take(id)?.reply(data);
  }

  /** Hands over a refusal. */
  refuse(id: CommandId, error: WireError): void {
    this.#take(id)?.failed(ParleyError.fromWire(error));
  }

  /** Fails all that wait. */
  failAll(error: ParleyError): void {
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.failed(error);
  }

  #take(id: CommandId): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.callOff();
    return waiting;
  }
}

function timedOut(ms: number): ParleyError {
  return new ParleyError('TIMED_OUT', `No reply within ${ms} ms.`);
}
