import type { PostMessage, Posted } from '@parley/contract';
import type { Backoff } from './backoff';
import type { Clock } from './clock';
import { ParleyError } from './errors';

/** What a lane stands on. */
export interface LaneOptions {
  clock: Clock;
  backoff: Backoff;
  /** How many messages may be under way at once. */
  inFlight: number;
  post(message: PostMessage): Promise<Posted>;
  posted(clientId: string, posted: Posted): void;
  failed(clientId: string, error: ParleyError): void;
}

/** Not the message's fault: the same message can go through later. */
const PASSING: ReadonlySet<ParleyError['code']> = new Set([
  'RATE_LIMITED',
  'UNAVAILABLE',
  'REALTIME_UNAVAILABLE',
  'INTERNAL_ERROR',
  'NOT_SIGNED_IN',
  'CONNECTION_LOST',
  'TIMED_OUT',
]);

/** A message that the server stumbles over this often is taken for the cause. */
const INTERNAL_ERRORS_ALLOWED = 4;

/** One room's queue in the outbox: messages go out in their order, and wait behind one that must be tried again. */
export class OutboxLane {
  readonly #options: LaneOptions;
  readonly #stumbles = new Map<string, number>();
  readonly #flying = new Set<string>();
  #queue: PostMessage[] = [];
  #open = false;
  #holding = false;
  #callOffHold = (): void => {};

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Whether nothing is left to send. */
  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Queues a message behind the others. */
  add(message: PostMessage): void {
    this.#queue.push(message);
    this.#pump();
  }

  /** Takes a message out; the answer to one under way is then ignored. */
  remove(clientId: string): void {
    this.#queue = this.#queue.filter((message) => message.clientId !== clientId);
    this.#stumbles.delete(clientId);
    this.#pump();
  }

  /** The line is up: everything queued goes out, what was under way before first. */
  open(): void {
    this.#open = true;
    this.#release();
  }

  /** The line is down: nothing goes out until `open`. */
  shut(): void {
    this.#open = false;
    this.#callOffHold();
  }

  #pump(): void {
    while (this.#open && !this.#holding && this.#flying.size < this.#options.inFlight) {
      const next = this.#queue.find(({ clientId }) => !this.#flying.has(clientId));
      if (!next) return;
      void this.#send(next);
    }
  }

  async #send(message: PostMessage): Promise<void> {
    const { clientId } = message;
    this.#flying.add(clientId);
    const outcome = await this.#options.post(message).catch(asParleyError);
    this.#flying.delete(clientId);
    if (this.#queue.includes(message)) this.#settle(clientId, outcome);
    this.#pump();
  }

  #settle(clientId: string, outcome: Posted | ParleyError): void {
    if (!(outcome instanceof ParleyError)) this.#posted(clientId, outcome);
    else if (this.#isPassing(clientId, outcome)) this.#hold(outcome);
    else this.#failed(clientId, outcome);
  }

  #posted(clientId: string, posted: Posted): void {
    this.#options.backoff.reset();
    this.remove(clientId);
    this.#options.posted(clientId, posted);
  }

  #failed(clientId: string, error: ParleyError): void {
    this.remove(clientId);
    this.#options.failed(clientId, error);
  }

  #isPassing(clientId: string, { code }: ParleyError): boolean {
    if (code !== 'INTERNAL_ERROR') return PASSING.has(code);
    const stumbles = (this.#stumbles.get(clientId) ?? 0) + 1;
    this.#stumbles.set(clientId, stumbles);
    return stumbles <= INTERNAL_ERRORS_ALLOWED;
  }

  #hold({ code, retryAfter = 0 }: ParleyError): void {
    // With the line down there is nothing to wait for but `open`.
    if (code === 'CONNECTION_LOST' || !this.#open) return;
    const wait = Math.max(retryAfter * 1_000, this.#options.backoff.next());
    this.#callOffHold();
    this.#holding = true;
    this.#callOffHold = this.#options.clock.schedule(wait, () => this.#release());
  }

  #release(): void {
    this.#holding = false;
    this.#pump();
  }
}

function asParleyError(cause: unknown): ParleyError {
  return cause instanceof ParleyError
    ? cause
    : new ParleyError('BAD_ANSWER', 'The message could not be sent.', { cause });
}
