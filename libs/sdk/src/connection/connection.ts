import { LIMITS, type CommandName, type Commands, type EventEnvelope } from '@parley/contract';
import type { Clock } from '../clock';
import { ConnectionLost, type ParleyError } from '../errors';
import type { ReportFault } from '../fault';
import { decode, encode, type Heard } from './frames';
import { Heartbeat } from './heartbeat';
import { PendingReplies } from './pending-replies';
import type { Socket, SocketFactory } from './socket';

/** Why a connection ended: the server's close code, 1006 when there was none, and whether it had opened at all. */
export interface ConnectionEnd {
  code: number;
  reason: string;
  opened: boolean;
  /** Whether this side gave it up because nothing came any more. */
  silent: boolean;
}

/** What a connection tells its owner, in the order in which the server said it. */
export interface ConnectionListener {
  opened(): void;
  event(envelope: EventEnvelope): void;
  /** All that one frame said has been told. */
  frameEnded(): void;
  /** The end, told once; nothing is told after it. */
  ended(end: ConnectionEnd): unknown;
}

/** What a connection stands on. */
export interface ConnectionOptions {
  url: string;
  socket: SocketFactory;
  clock: Clock;
  /** Milliseconds to wait for the socket to open. */
  openWithinMs: number;
  /** Milliseconds to wait for the answer to a ping. */
  pingAnswerMs: number;
  report: ReportFault;
}

/** Told the outcome of a command at once, within the frame that brought it. */
export interface Outcome<C extends CommandName> {
  reply(data: Commands[C]['reply']): void;
  failed(error: ParleyError): void;
}

const NO_CLOSE_CODE = 1006;
const NORMAL_CLOSE = 1000;

/** One socket's life: commands out with their replies, events in, a heartbeat, one end. It never reconnects. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #pending: PendingReplies;
  readonly #socket: Socket;
  readonly #callOffOpening: () => void;
  #heartbeat?: Heartbeat;
  #opened = false;
  #ended = false;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#pending = new PendingReplies(options.clock);
    this.#socket = options.socket(options.url, {
      opened: () => this.#open(),
      received: (frame) => this.#receive(frame),
      closed: (code, reason) => this.#end({ code, reason, silent: false }),
    });
    this.#callOffOpening = options.clock.schedule(options.openWithinMs, () => this.#giveUp());
  }

  /** Sends a command and tells `outcome` synchronously; a frame that is too large fails here and is never sent. */
  command<C extends CommandName>(name: C, data: Commands[C]['data'], timeoutMs: number, outcome: Outcome<C>): void {
    if (!this.#opened || this.#ended) return outcome.failed(new ConnectionLost('The line is down.'));
    const id = this.#pending.add(outcome, timeoutMs);
    const frame = encode(name, id, data);
    if (isTooLarge(frame)) this.#pending.refuse(id, { code: 'PAYLOAD_TOO_LARGE', message: 'The frame is too large.' });
    else this.#socket.send(frame);
  }

  /** Pings whenever the server was silent for `silenceMs`, and ends the connection when it does not answer. */
  watch(silenceMs: number): void {
    const { clock, pingAnswerMs } = this.#options;
    this.#heartbeat?.stop();
    this.#heartbeat = new Heartbeat(clock, silenceMs, pingAnswerMs, {
      ping: () => this.#ping(),
      dead: () => this.#giveUp(),
    });
  }

  /** Asks whether the server is still there, and ends the connection when it does not answer. */
  probe(): void {
    this.#heartbeat?.ask();
  }

  /** Ends the connection now, without waiting for the server's part of the farewell. */
  close(reason = 'bye'): void {
    this.#socket.close(NORMAL_CLOSE, reason);
    this.#end({ code: NORMAL_CLOSE, reason, silent: false });
  }

  #open(): void {
    if (this.#ended) return;
    this.#callOffOpening();
    this.#opened = true;
    this.#listener.opened();
  }

  #receive(frame: unknown): void {
    if (this.#ended) return;
    this.#heartbeat?.heard();
    for (const heard of decode(frame)) this.#hear(heard);
    this.#listener.frameEnded();
  }

  // Data that is not what its event promises makes a listener throw: that must not end the process.
  #hear(heard: Heard): void {
    if (this.#ended) return;
    try {
      this.#tell(heard);
    } catch (cause) {
      this.#options.report({ kind: 'badFrame', message: 'An envelope has data of the wrong shape.', cause });
    }
  }

  #tell(heard: Heard): void {
    if (heard.kind === 'event') this.#listener.event(heard.envelope);
    else if (heard.kind === 'reply') this.#pending.reply(heard.id, heard.data);
    else if (heard.kind === 'refusal') this.#pending.refuse(heard.id, heard.error);
    else this.#options.report({ kind: 'badFrame', message: heard.message });
  }

  #ping(): void {
    const ignored = { reply: () => {}, failed: () => {} };
    this.command('ping', {}, this.#options.pingAnswerMs, ignored);
  }

  // A browser may wait a minute for the farewell of a line that is dead, so the end is declared here.
  #giveUp(): void {
    this.#socket.close(NORMAL_CLOSE, 'silence');
    this.#end({ code: NO_CLOSE_CODE, reason: 'The server fell silent.', silent: true });
  }

  #end(end: Omit<ConnectionEnd, 'opened'>): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#callOffOpening();
    this.#heartbeat?.stop();
    this.#pending.failAll(new ConnectionLost());
    this.#listener.ended({ ...end, opened: this.#opened });
  }
}

function isTooLarge(frame: string): boolean {
  // A UTF-16 unit is three bytes of UTF-8 at most: short frames need no count.
  return frame.length * 3 > LIMITS.frameBytes && new TextEncoder().encode(frame).length > LIMITS.frameBytes;
}
