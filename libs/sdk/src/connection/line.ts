import type { CommandName, Commands, EventEnvelope, Seen, Welcome } from '@parley/contract';
import { BehaviorSubject } from 'rxjs';
import { Backoff, type BackoffOptions } from '../backoff';
import type { Clock, Random } from '../clock';
import { ConnectionLost, ParleyError } from '../errors';
import type { ReportFault } from '../fault';
import { reasonOf, spreadOf, type OfflineReason } from './close-policy';
import { Connection, type ConnectionEnd, type ConnectionListener, type Outcome } from './connection';
import type { SocketFactory } from './socket';

/**
 * Gives the token of the person who is signed in; null when nobody is, which closes the line as `signedOut`. Asked
 * anew for every connection. Throw when the token cannot be had just now: the line tries again later.
 */
export type TokenProvider = () => string | null | Promise<string | null>;

/** Why the line is closed and stays so until `connect`. */
export type ClosedReason = 'notConnected' | 'byClient' | 'signedOut';

/** The state of the line. `retryAt` and `since` are milliseconds since 1970. */
export type ConnectionState =
  | { status: 'connecting' }
  | { status: 'online'; since: number }
  | { status: 'offline'; reason: OfflineReason; retryAt: number; error?: ParleyError }
  | { status: 'closed'; reason: ClosedReason };

/** Whom the line serves. */
export interface LineOwner {
  /** What it has of each room, to be told to the server; nothing if it has none. */
  seen(): Seen | undefined;
  /** The server knows the token; called before `online` is told, and before any event of this connection. */
  welcomed(welcome: Welcome): void;
  event(envelope: EventEnvelope): void;
  /** The server has answered a command; told in the frame's order, before the command's promise resolves. */
  replied<C extends CommandName>(command: C, reply: Commands[C]['reply']): void;
  frameEnded(): void;
}

/** What a line stands on; times in milliseconds. */
export interface LineOptions {
  socket: SocketFactory;
  clock: Clock;
  random: Random;
  backoff?: BackoffOptions;
  openWithinMs: number;
  authenticateWithinMs: number;
  pingAnswerMs: number;
  report: ReportFault;
}

/** A connection that lasted this long was a good one: the next wait is short again. */
const GOOD_AFTER_MS = 10_000;

/** Keeps one signed-in connection to a server alive, one after another, until it is closed or signed out. */
export class Line {
  readonly #options: LineOptions;
  readonly #owner: LineOwner;
  readonly #state = new BehaviorSubject<ConnectionState>({ status: 'closed', reason: 'notConnected' });
  readonly #backoff: Backoff;
  #url = '';
  #token: TokenProvider = () => null;
  #connection?: Connection;
  #callOffRetry = (): void => {};
  /** Tells an attempt that was overtaken, while it waited for its token, from the one that counts. */
  #attempt = 0;
  #refusal?: ParleyError;

  constructor(options: LineOptions, owner: LineOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#backoff = new Backoff(options.backoff, options.random);
  }

  /** The state, and each change of it. */
  get state$(): BehaviorSubject<ConnectionState> {
    return this.#state;
  }

  /** Opens the line, in place of the one that may be open. */
  open(url: string, token: TokenProvider): void {
    this.close('byClient');
    this.#url = url;
    this.#token = token;
    this.#backoff.reset();
    void this.#dial();
  }

  /** Closes the line for good. */
  close(reason: ClosedReason): void {
    this.#attempt += 1;
    this.#callOffRetry();
    this.#hangUp();
    if (this.#state.value.status !== 'closed') this.#state.next({ status: 'closed', reason });
  }

  /** Tries at once, if the line is waiting for its next attempt; asks at once whether a line that is up still lives. */
  retryNow(): void {
    const { status } = this.#state.value;
    if (status === 'online') this.#connection?.probe();
    if (status !== 'offline') return;
    this.#callOffRetry();
    void this.#dial();
  }

  /** Sends a command. Rejects with `ConnectionLost` when the line is not online or drops before the reply. */
  request<C extends CommandName>(name: C, data: Commands[C]['data'], timeoutMs: number): Promise<Commands[C]['reply']> {
    return new Promise((resolve, reject) => {
      const connection = this.#state.value.status === 'online' ? this.#connection : undefined;
      if (!connection) return reject(new ConnectionLost('The line is down.'));
      connection.command(name, data, timeoutMs, this.#outcome(name, resolve, reject));
    });
  }

  // A promise is told a microtask late, when the events behind the reply have had their effect: the owner hears at once.
  #outcome<C extends CommandName>(
    name: C,
    resolve: (reply: Commands[C]['reply']) => void,
    reject: (error: ParleyError) => void,
  ): Outcome<C> {
    const reply = (answer: Commands[C]['reply']): void => {
      try {
        this.#owner.replied(name, answer);
      } catch (cause) {
        return reject(new ParleyError('BAD_ANSWER', `The answer to ${name} has the wrong shape.`, { cause }));
      }
      resolve(answer);
    };
    return { reply, failed: reject };
  }

  async #dial(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#refusal = undefined;
    this.#state.next({ status: 'connecting' });
    const token = await this.#askToken();
    if (attempt !== this.#attempt) return;
    if (token === null) this.close('signedOut');
    else if (token === undefined) this.#wait('noToken');
    else this.#connect(token, attempt);
  }

  async #askToken(): Promise<string | null | undefined> {
    try {
      return await this.#token();
    } catch (cause) {
      this.#options.report({ kind: 'tokenFailed', message: 'The token provider failed.', cause });
      return undefined;
    }
  }

  #connect(token: string, attempt: number): void {
    try {
      this.#connection = new Connection({ ...this.#options, url: this.#url }, this.#listener(token, attempt));
    } catch {
      this.#wait('unreachable');
    }
  }

  #listener(token: string, attempt: number): ConnectionListener {
    return {
      opened: () => this.#authenticate(token),
      event: (envelope) => this.#owner.event(envelope),
      frameEnded: () => this.#owner.frameEnded(),
      ended: (end) => attempt === this.#attempt && this.#ended(end),
    };
  }

  #authenticate(token: string): void {
    const data = { token, seen: this.#owner.seen() };
    this.#connection?.command('authenticate', data, this.#options.authenticateWithinMs, {
      reply: (welcome) => this.#welcome(welcome),
      failed: (error) => this.#refused(error),
    });
  }

  #welcome(welcome: Welcome): void {
    try {
      this.#owner.welcomed(welcome);
    } catch (cause) {
      return this.#refused(new ParleyError('BAD_ANSWER', 'The answer to authenticate is not a welcome.', { cause }));
    }
    this.#connection?.watch(welcome.heartbeatMs);
    this.#state.next({ status: 'online', since: this.#options.clock.now() });
  }

  #refused(error: ParleyError): void {
    if (error.code === 'NOT_SIGNED_IN') return this.close('signedOut');
    // A connection that has ended fails its commands too; its end is told by itself.
    if (error.code === 'CONNECTION_LOST') return;
    this.#refusal = error;
    this.#connection?.close('refused');
  }

  #ended(end: ConnectionEnd): void {
    this.#connection = undefined;
    const reason = this.#refusal ? 'refused' : reasonOf(end);
    if (reason === 'badFrame' || reason === 'frameTooLarge') this.#reportRefusal(end);
    if (reason === 'notSignedIn') this.close('signedOut');
    else this.#wait(reason);
  }

  #reportRefusal({ code, reason }: ConnectionEnd): void {
    this.#options.report({ kind: 'frameRefused', message: `The server closed with ${code}: ${reason}` });
  }

  #wait(reason: OfflineReason): void {
    const delay = this.#delay(reason);
    const retryAt = this.#options.clock.now() + delay;
    this.#callOffRetry = this.#options.clock.schedule(delay, () => void this.#dial());
    this.#state.next({ status: 'offline', reason, retryAt, error: this.#refusal });
  }

  #delay(reason: OfflineReason): number {
    const { clock, random } = this.#options;
    const state = this.#state.value;
    if (state.status === 'online' && clock.now() - state.since >= GOOD_AFTER_MS) this.#backoff.reset();
    const asked = (this.#refusal?.retryAfter ?? 0) * 1_000;
    return Math.max(asked, this.#backoff.next() + random() * spreadOf(reason));
  }

  #hangUp(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
  }
}
