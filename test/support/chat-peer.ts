import type {
  CommandId,
  CommandName,
  Commands,
  ErrorEnvelope,
  EventName,
  Events,
  LogEntry,
  ReplyEnvelope,
  Seen,
  ServerEnvelope,
  WireError,
} from '@parley/contract';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';
import { isEntryEvent } from './entry-events';
import { within } from './deadline';
import { Recording } from './recording';

/** What a command with an id is answered with. */
export type Answer = ReplyEnvelope | ErrorEnvelope;

/** How a socket ended. */
export interface Ending {
  code: number;
  reason: string;
}

/** An upgrade that was answered with something else than a socket. */
export interface RefusedUpgrade {
  status: number;
  body: string;
}

/**
 * A bare WebSocket: what a stranger's client is, and what can do all that a well-behaved client never does. Everything
 * that it receives is recorded.
 */
export class ChatPeer {
  /** Each frame as it came. */
  readonly frames = new Recording<string>();
  /** Every envelope, those of array frames one by one. */
  readonly envelopes = new Recording<ServerEnvelope>();
  /** Resolves when the socket is closed, whoever did it. */
  readonly ended: Promise<Ending>;
  private ids = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(String(data)));
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /** Opens a socket; `url` is the gateway's. */
  static async opens(url: string, options: ClientOptions = {}): Promise<ChatPeer> {
    const peer = new ChatPeer(new WebSocket(url, { perMessageDeflate: false, ...options }));
    await within(`a socket to ${url}`, once(peer.socket, 'open'));
    return peer;
  }

  /** Tries to open a socket that the server is to refuse. */
  static async isTurnedAway(url: string, options: ClientOptions = {}): Promise<RefusedUpgrade> {
    const socket = new WebSocket(url, options);
    const refused = new Promise<RefusedUpgrade>((resolve, reject) => {
      socket.once('unexpected-response', (_request, response) => void readRefusal(response).then(resolve, reject));
      socket.once('open', () => reject(new Error('The upgrade was not refused.')));
      socket.once('error', reject);
    });
    return within('the refusal of an upgrade', refused).finally(() => socket.terminate());
  }

  /** Sends a command and resolves with its reply; rejects with `Refused`. */
  async asks<C extends CommandName>(command: C, data: Commands[C]['data']): Promise<Commands[C]['reply']> {
    const answer = await this.tries(command, data);
    if (answer.event === 'error') throw new Refused(answer.data);
    return answer.data;
  }

  /** Sends a command, one that may not even exist, that is to be refused: resolves with the refusal. */
  async isRefused(command: string, data: unknown): Promise<WireError> {
    const answer = await this.tries(command, data);
    if (answer.event === 'error') return answer.data;
    throw new Error(`${command} was not refused, but answered: ${JSON.stringify(answer.data)}`);
  }

  /** Signs the socket in; what the reply says. */
  authenticates(token: string, seen?: Seen): Promise<Commands['authenticate']['reply']> {
    return this.asks('authenticate', { token, ...(seen && { seen }) });
  }

  /** Sends a command without waiting for its answer. */
  sends(event: string, data: unknown, id?: unknown): void {
    this.sendsRaw(JSON.stringify({ event, ...(id !== undefined && { id }), data }));
  }

  /** Sends a frame as it is. */
  sendsRaw(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /** The answer, reply or error, to the command with an id. */
  answerTo(id: CommandId): Promise<Answer> {
    return this.envelopes.first(`an answer to ${id}`, (envelope): envelope is Answer => envelope.id === id);
  }

  /** The first event of a name, of those that came or are to come, whose data is wanted. */
  async hears<E extends EventName>(name: E, wanted: (data: Events[E]) => boolean = () => true): Promise<Events[E]> {
    const isWanted = ({ event, id, data }: ServerEnvelope): boolean =>
      event === name && id === undefined && wanted(data as Events[E]);
    return (await this.envelopes.first(`the event ${name}`, isWanted)).data as Events[E];
  }

  /** What has come of an event so far. To be sure that all has come that was told, `catchesUp` first. */
  heard<E extends EventName>(name: E): Events[E][] {
    return this.envelopes.all
      .filter(({ event, id }) => event === name && id === undefined)
      .map(({ data }) => data as Events[E]);
  }

  /** The entries of a room that have come live so far. */
  entriesOf(room: string): LogEntry[] {
    return this.envelopes.all
      .filter(({ event }) => isEntryEvent(event))
      .map(({ data }) => data as LogEntry)
      .filter((entry) => entry.room === room);
  }

  /** What was sent to this socket before this call has come when it resolves: frames keep their order. */
  async catchesUp(): Promise<void> {
    await this.asks('ping', {});
  }

  /** Stops reading: what the server sends piles up. */
  stopsReading(): void {
    this.socket.pause();
  }

  /** Reads again. */
  readsOn(): void {
    this.socket.resume();
  }

  /** How the socket ended, within the deadline. */
  closes(): Promise<Ending> {
    return within('the end of the socket', this.ended);
  }

  /** Cuts the socket without a word. */
  cuts(): void {
    this.socket.terminate();
  }

  /** The TCP socket beneath. */
  get wire(): Socket {
    return (this.socket as unknown as { _socket: Socket })._socket;
  }

  private tries(command: string, data: unknown): Promise<Answer> {
    const id = `peer-${++this.ids}`;
    this.sends(command, data, id);
    const over = this.ended.then(({ code, reason }) => {
      throw new Error(`The socket closed with ${code} (${reason}) before ${command} was answered.`);
    });
    return Promise.race([this.answerTo(id), over]);
  }

  private take(frame: string): void {
    this.frames.add(frame);
    const content = JSON.parse(frame) as ServerEnvelope | ServerEnvelope[];
    for (const envelope of Array.isArray(content) ? content : [content]) this.envelopes.add(envelope);
  }
}

/** A command was refused. */
export class Refused extends Error {
  readonly code: WireError['code'];

  constructor(readonly wire: WireError) {
    super(`${wire.code}: ${wire.message}`);
    this.code = wire.code;
  }
}

async function readRefusal(response: IncomingMessage): Promise<RefusedUpgrade> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
}
