import type {
  CommandName,
  Commands,
  Id,
  LogEntry,
  MyRoom,
  PostMessage,
  ServerEnvelope,
  Synced,
  Welcome,
} from '@parley/contract';
import { RestClient } from '@parley/sdk';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Address, Person } from '../../support/people';
import { isEntryEvent } from '../../support/entry-events';
import type { History } from './history';

const COME_BACK_AFTER_MS = 100;

type AnyAnswer = { event: 'reply' | 'error'; data: object } | undefined;

/**
 * A person's device, and everything that it does and hears written down. As a good client it comes back after every
 * break with what it has seen, and sends again what was not answered.
 */
export class Device {
  /** For each room, the seq up to which it has everything. */
  readonly seen = new Map<Id, number>();
  /** Messages that were sent and not answered, in their order. */
  readonly unanswered = new Map<string, PostMessage>();
  readonly posted: PostMessage[] = [];
  rest!: RestClient;
  private socket: WebSocket | undefined;
  private connection = '';
  private token: string;
  private node = 0;
  private counts = { connections: 0, asks: 0, sessions: 0 };
  private waiting = new Map<string, (answer: AnyAnswer) => void>();
  private ending = false;
  private isSignedIn = false;
  /** How far each room was when the connection came in. */
  private resetTo = new Map<Id, number>();
  private signedIn: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly person: Person,
    private readonly nodes: readonly Address[],
    private readonly history: History,
  ) {
    this.token = person.token;
    this.rest = this.restOf(0);
  }

  /** Comes in, and comes back whenever the connection breaks, until `leaves`. */
  connects(node: number): void {
    this.node = node % this.nodes.length;
    this.rest = this.restOf(this.node);
    this.signedIn = this.comeIn();
  }

  /** Resolves when it is connected and signed in. */
  async isIn(): Promise<void> {
    while (!this.ending) {
      const coming = this.signedIn;
      await coming;
      if (coming === this.signedIn) return;
    }
  }

  /** Asks, and resolves with the answer; with nothing where the connection broke before it came. */
  ask<C extends CommandName>(command: C, data: Commands[C]['data']): Promise<AnyAnswer> {
    const { socket, connection } = this;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve(undefined);
    const id = `${++this.counts.asks}`;
    this.history.add({ kind: 'asked', connection, id, command, data: withoutToken(data) });
    socket.send(JSON.stringify({ event: command, id, data }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** Posts: again after every break, until it is answered. */
  async post(message: PostMessage): Promise<void> {
    this.unanswered.set(message.clientId, message);
    const answer = await this.ask('postMessage', message);
    const code = answer?.event === 'error' ? (answer.data as { code: string }).code : undefined;
    // Of unknown outcome: it is sent again.
    if (answer && code !== 'UNAVAILABLE') this.unanswered.delete(message.clientId);
  }

  /** Breaks the connection, and comes back to another node. */
  drop(node: number): void {
    this.node = node % this.nodes.length;
    this.rest = this.restOf(this.node);
    this.socket?.terminate();
  }

  stopReading(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.history.add({ kind: 'stopped reading', connection: this.connection });
    this.socket.pause();
  }

  readOn(): void {
    if (!this.socket?.isPaused) return;
    this.history.add({ kind: 'read on', connection: this.connection });
    this.socket.resume();
  }

  /** Ends the session and begins another one. */
  async signOut(): Promise<void> {
    const session = this.session;
    await this.untilDone(() => this.rest.signOut());
    this.history.add({ kind: 'revoked', session });
    const renewed = await this.untilDone(() =>
      this.rest.signIn({ phone: this.person.phone, password: this.person.password }),
    );
    if (!renewed) return;
    this.counts.sessions++;
    this.token = renewed.token;
  }

  /** Reads a page of a room's log through REST. */
  async read(room: Id, after = 0): Promise<{ entries: LogEntry[]; more: boolean } | undefined> {
    const { lines } = this.history;
    const about = { kind: 'read', user: this.person.id, room, since: lines.length } as const;
    try {
      const page = await this.rest.log(room, { after, limit: 100 });
      this.history.add({ ...about, entries: page.entries });
      return page;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'ROOM_NOT_FOUND' || code === 'NOT_A_MEMBER') this.history.add({ ...about, refused: code });
      return undefined;
    }
  }

  /** The end: it stays away. */
  leaves(): void {
    this.ending = true;
    this.socket?.terminate();
  }

  private get session(): string {
    return `${this.name}/${this.counts.sessions}`;
  }

  private restOf(node: number): RestClient {
    return new RestClient({ url: this.nodes[node]!.url, token: () => this.token });
  }

  /** Repeats what failed for want of a server; a refusal is an end too. */
  private async untilDone<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.ending || (error as { code?: string }).code === 'NOT_SIGNED_IN') return undefined;
        await pause(COME_BACK_AFTER_MS);
      }
    }
  }

  private async comeIn(): Promise<void> {
    while (!this.ending && !(await this.tryComingIn())) await pause(COME_BACK_AFTER_MS);
    for (const message of [...this.unanswered.values()]) void this.post(message);
  }

  private async tryComingIn(): Promise<boolean> {
    const socket = new WebSocket(this.nodes[this.node]!.gatewayUrl, { perMessageDeflate: false });
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'open'), once(socket, 'close')]).catch(() => undefined);
    if (socket.readyState !== WebSocket.OPEN) return false;
    this.opened(socket);
    const seen = Object.fromEntries(this.seen);
    const answer = await this.ask('authenticate', { token: this.token, ...(this.seen.size > 0 && { seen }) });
    const isIn = answer?.event === 'reply';
    if (!isIn) socket.terminate();
    return isIn;
  }

  private opened(socket: WebSocket): void {
    const connection = `${this.name}#${++this.counts.connections}`;
    [this.socket, this.connection] = [socket, connection];
    const { name: client, session } = this;
    this.history.add({ kind: 'opened', connection, client, user: this.person.id, session });
    socket.on('message', (frame) => this.receive(connection, String(frame)));
    socket.on('close', (code) => this.closed(connection, code));
  }

  private closed(connection: string, code: number): void {
    this.history.add({ kind: 'closed', connection, code });
    // One that was turned away closes while another one is in use.
    if (connection !== this.connection) return;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const answer of waiting) answer(undefined);
    // A connection that ends while it comes in comes in again by itself.
    if (!this.ending && this.isSignedIn) this.signedIn = this.comeIn();
    this.isSignedIn = false;
  }

  private receive(connection: string, frame: string): void {
    const content = JSON.parse(frame) as ServerEnvelope | ServerEnvelope[];
    for (const envelope of Array.isArray(content) ? content : [content]) this.take(connection, envelope);
  }

  private take(connection: string, envelope: ServerEnvelope): void {
    const { event, id, data } = envelope;
    if (id === undefined) {
      this.history.add({ kind: 'heard', connection, event, data } as never);
      this.follow(event, data);
      return;
    }
    const answered = { connection, id: String(id) };
    if (event === 'error') this.history.add({ kind: 'refused', ...answered, error: data });
    else this.history.add({ kind: 'answered', ...answered, data });
    if (event === 'reply' && 'session' in data) this.welcomed(data);
    this.waiting.get(String(id))?.({ event, data } as AnyAnswer);
    this.waiting.delete(String(id));
  }

  private welcomed({ rooms }: Welcome): void {
    this.isSignedIn = true;
    const mine = new Set(rooms.map(({ id }) => id));
    for (const room of this.seen.keys()) if (!mine.has(room)) this.seen.delete(room);
    this.resetTo = new Map(rooms.map(({ id, seq }) => [id, seq]));
    // What was seen before, `synced` brings up to date: until then it has been missed.
    for (const { id, seq } of rooms) if (!this.seen.has(id)) this.seen.set(id, seq);
  }

  private follow(event: string, data: object): void {
    if (event === 'roomAdded') this.seen.set((data as MyRoom).id, (data as MyRoom).seq);
    else if (event === 'roomRemoved') this.seen.delete((data as { room: Id }).room);
    else if (event === 'synced') this.synced(data as Synced);
    if (!isEntryEvent(event)) return;
    const { room, seq } = data as LogEntry;
    if (this.seen.get(room) === seq - 1) this.seen.set(room, seq);
  }

  private synced({ rooms }: Synced): void {
    for (const [room, told] of Object.entries(rooms)) {
      if ('gone' in told) this.seen.delete(room);
      else
        this.seen.set(room, told.reset ? this.resetTo.get(room)! : (told.entries.at(-1)?.seq ?? this.seen.get(room)!));
    }
  }
}

function withoutToken(data: object): object {
  const { token: _token, ...rest } = data as { token?: string };
  return rest;
}
