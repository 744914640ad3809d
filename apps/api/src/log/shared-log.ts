import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import { Patrol } from '../cluster/patrol';
import { Hub } from '../realtime/hub';
import type { Entry } from './entry';
import { EntryRepository } from './entry.repository';
import { RoomLog } from './room-log';

/** What is longer is not sent: the others are told how far the log goes, and read it. */
const LONGEST_MESSAGE = 512 * 1024;

/** What nobody listens to for so long need not be followed. */
const IDLE_FOR_MS = 30_000;

/** So many messages about a room cost about as much to take in as it does to look the room up when somebody comes. */
const MESSAGES_IN_VAIN = 50;

/** Looks after a room whose log's end is not known here, and in which an event stands at a seq. */
export type EventListener = (room: Id, seq: number) => Promise<void>;

/**
 * The logs as several nodes write them. What one has written it tells the others, entries and all, so that nobody has
 * to read them again; where something is missing, the log itself is read. Without other nodes it does nothing.
 */
@Injectable()
export class SharedLog implements OnModuleInit {
  /** Rooms that nobody listened to when they were last looked at. */
  private idle = new Set<Id>();
  /** Messages of others about rooms that nobody listens to, since the rooms were looked at or written to from here. */
  private readonly inVain = new Map<Id, number>();
  private lookedAt = performance.now();
  private onEvent: EventListener = () => Promise.resolve();

  constructor(
    private readonly backplane: Backplane,
    private readonly patrol: Patrol,
    private readonly log: RoomLog,
    private readonly repository: EntryRepository,
    private readonly hub: Hub,
  ) {}

  onModuleInit(): void {
    if (!this.backplane.shared) return;
    this.log.whenCommitted((room, entries) => this.share(room, entries));
    this.backplane.whenRoom((room, message) => this.hear(room, message));
    this.backplane.whenReached((room, seq) => this.log.reached(room, seq));
    this.backplane.on('changed', ({ room, entries }) => this.takeChange(room, entries));
    this.patrol.add((since) => this.ask(since));
  }

  /** Names who looks after rooms whose logs are not followed here. */
  whenEvent(listener: EventListener): void {
    this.onEvent = listener;
  }

  /** Events concern every node, messages those that listen to the room. Resolves when events have been taken in. */
  private share(room: Id, entries: readonly Entry[]): Promise<unknown> | undefined {
    this.inVain.delete(room);
    if (entries.some(({ event }) => event)) return this.backplane.tell('changed', { room, entries: pack(entries) });
    this.backplane.tellRoom(room, { text: () => pack(entries), seq: entries.at(-1)!.seq });
    return undefined;
  }

  private hear(room: Id, message: string): void {
    this.take(room, message);
    if (this.hub.isHeard(room)) return void this.inVain.delete(room);
    const inVain = (this.inVain.get(room) ?? 0) + 1;
    this.inVain.set(room, inVain);
    if (inVain >= MESSAGES_IN_VAIN) this.release(room);
  }

  private release(room: Id): void {
    if (!this.log.release(room)) return;
    this.inVain.delete(room);
    this.backplane.ignore(room);
  }

  private take(room: Id, message: string): void {
    const content = unpack(message);
    if (typeof content === 'number') this.log.reached(room, content);
    else this.log.heard(room, content);
  }

  /** Where the end of the log is not known it is looked up, and with it who is in the room by now. */
  private async takeChange(room: Id, message: string): Promise<void> {
    if (this.log.knownHead(room)) this.take(room, message);
    else await this.log.head(room);
  }

  private async ask(since: Date): Promise<void> {
    this.releaseIdle();
    for (const { room, seq, eventSeq } of await this.repository.reached(since)) {
      this.log.reached(room, seq);
      if (eventSeq > 0 && !this.log.knownHead(room)) await this.onEvent(room, eventSeq);
    }
  }

  private releaseIdle(): void {
    if (performance.now() - this.lookedAt < IDLE_FOR_MS) return;
    this.lookedAt = performance.now();
    this.inVain.clear();
    const idle = this.log.knownRooms().filter((room) => !this.hub.isHeard(room));
    for (const room of idle) if (this.idle.has(room)) this.release(room);
    this.idle = new Set(idle);
  }
}

function pack(entries: readonly Entry[]): string {
  const message = JSON.stringify(entries);
  return message.length <= LONGEST_MESSAGE ? message : JSON.stringify(entries.at(-1)!.seq);
}

function unpack(message: string): Entry[] | number {
  const content = JSON.parse(message) as Entry[] | number;
  if (typeof content !== 'number') for (const entry of content) entry.at = new Date(entry.at);
  return content;
}
