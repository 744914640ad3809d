import type {
  ClientFrame,
  CommandId,
  LogEntry,
  LogPage,
  MessageEntry,
  MyRoom,
  ServerEnvelope,
  SyncedRoom,
  WireError,
} from '@parley/contract';
import type { Random } from '../src/clock';
import type { SocketEvents, SocketFactory } from '../src/connection/socket';
import { ME, message, myRoom, welcome } from './samples';

/** More missed entries than this are answered with a reset to a page of `PAGE`. */
const SYNC_MAX = 6;
const PAGE = 3;

/**
 * A server with one room, in memory and without a network, that keeps the laws of the wire over a line that does not:
 * connections break before and after a command is carried out, events are lost and come twice, posts are put off.
 */
export class FlakyServer {
  readonly log: LogEntry[] = [message(1)];
  readonly #chance: Random;
  readonly #lines = new Set<SocketEvents>();
  #troubled = true;

  constructor(chance: Random) {
    this.#chance = chance;
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#troubled = false;
  }

  readonly socket: SocketFactory = (_url, events) => {
    queueMicrotask(() => this.#open(events));
    return {
      send: (frame) => this.#receive(events, JSON.parse(frame) as ClientFrame),
      close: () => this.#lines.delete(events),
    };
  };

  /** The room as a fresh fetch gives it. */
  room(): MyRoom {
    const unread = this.log.filter((entry) => entry.type === 'message' && entry.sender.id !== ME.id && entry.seq > 1);
    const last = this.log.at(-1)!;
    return myRoom(last.seq, { last, read: 1, unread: Math.min(unread.length, 100) });
  }

  /** A page of the log, of two entries at most. */
  page(before: number): LogPage {
    const entries = this.log.slice(0, before - 1).slice(-2);
    return { entries, more: entries[0]!.seq > 1 };
  }

  /** Somebody says something. */
  say(more: Partial<MessageEntry> = {}): MessageEntry {
    const entry = message(this.log.length + 1, more);
    this.log.push(entry);
    for (const line of [...this.#lines]) this.#tell(line, entry);
    return entry;
  }

  /** Breaks every connection. */
  cut(): void {
    for (const line of [...this.#lines]) this.#break(line);
  }

  #open(events: SocketEvents): void {
    if (this.#happens(0.2)) return events.closed(1006, '');
    this.#lines.add(events);
    events.opened();
  }

  #receive(line: SocketEvents, frame: ClientFrame): void {
    if (!this.#lines.has(line)) return;
    if (this.#happens(0.1)) return this.#break(line);
    const answer = this.#answer(frame);
    if (this.#happens(0.1)) this.#break(line);
    // A network takes its time, if only for the client to be done with what it is at.
    else queueMicrotask(() => this.#send(line, answer));
  }

  #answer(frame: ClientFrame): ServerEnvelope[] {
    const id = frame.id as CommandId;
    if (frame.event === 'authenticate') return this.#greet(id, frame.data.seen?.['r1']);
    if (frame.event === 'sync')
      return [{ event: 'reply', id, data: { rooms: { r1: this.#missed(frame.data.seen['r1']!) } } }];
    if (frame.event === 'postMessage') return [this.#post(id, frame.data)];
    return [{ event: 'reply', id, data: { at: 'now' } }];
  }

  #greet(id: CommandId, seen?: number): ServerEnvelope[] {
    const reply: ServerEnvelope = { event: 'reply', id, data: welcome([this.room()]) };
    if (seen === undefined) return [reply];
    return [reply, { event: 'synced', data: { rooms: { r1: this.#missed(seen) } } }];
  }

  #missed(seen: number): SyncedRoom {
    const entries = this.log.slice(seen);
    if (entries.length <= SYNC_MAX) return { reset: false, entries };
    return { reset: true, entries: this.log.slice(-PAGE) };
  }

  #post(id: CommandId, { clientId, text }: { clientId: string; text: string }): ServerEnvelope {
    if (this.#happens(0.15)) return { event: 'error', id, data: LATER };
    const first = this.log.find((entry) => entry.type === 'message' && entry.clientId === clientId);
    const { seq, id: entry, at } = first ?? this.say({ sender: ME, clientId, text });
    return { event: 'reply', id, data: { room: 'r1', seq, id: entry, at } };
  }

  #tell(line: SocketEvents, data: MessageEntry): void {
    if (this.#happens(0.15)) return;
    this.#send(line, [{ event: 'messagePosted', data }]);
    if (this.#happens(0.15)) this.#send(line, [{ event: 'messagePosted', data }]);
  }

  #send(line: SocketEvents, envelopes: ServerEnvelope[]): void {
    if (this.#lines.has(line)) line.received(JSON.stringify(envelopes));
  }

  #break(line: SocketEvents): void {
    this.#lines.delete(line);
    line.closed(1006, '');
  }

  #happens(chance: number): boolean {
    return this.#troubled && this.#chance() < chance;
  }
}

const LATER: WireError = { code: 'RATE_LIMITED', message: 'Slowly.' };
