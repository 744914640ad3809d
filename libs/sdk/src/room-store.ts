import type { Id, LogEntry, LogPage, MyRoom, ReadMark, RoomRemoved, Seen, Synced } from '@parley/contract';
import { defer, filter, finalize, map, type Observable, startWith, Subject } from 'rxjs';
import {
  applyEntries,
  applyOlder,
  applyOutbox,
  applyReading,
  applyReadMark,
  applyRoom,
  applySynced,
  head,
  isOutdated,
  missingAfter,
  openRoom,
  removeRoom,
  resumeRoom,
  trimEntries,
  withEntries,
  type OutboxChange,
  type RoomState,
} from './room-state';
import { StrayEntries } from './stray-entries';

/** What a store stands on. */
export interface RoomStoreOptions {
  /** How many entries to keep of a room that nobody watches. */
  keepEntries: number;
  /** The outbox's messages for a room that has just appeared. */
  pendingOf(room: Id): readonly OutboxChange[];
}

/**
 * The states of one person's rooms. It only keeps and tells them: what they become is for the functions of
 * `room-state`. Changes are told when `flush` is called, so that what came in one frame is told at once.
 */
export class RoomStore {
  readonly #options: RoomStoreOptions;
  readonly #states = new Map<Id, RoomState>();
  readonly #news = new Map<Id, LogEntry[]>();
  readonly #strays = new StrayEntries();
  readonly #watchers = new Map<Id, number>();
  readonly #changes = new Subject<ReadonlySet<Id>>();
  readonly #missing = new Map<Id, number>();
  readonly #outdated = new Set<Id>();
  readonly #arrivals = new Subject<LogEntry>();
  #untold: LogEntry[] = [];
  #changed = new Set<Id>();
  #list?: readonly RoomState[];
  #me: Id | null = null;

  constructor(options: RoomStoreOptions) {
    this.#options = options;
  }

  /** The rooms that this person is a member of, the latest entry first; on subscription and after each change. */
  readonly rooms$: Observable<readonly RoomState[]> = defer(() =>
    this.#changes.pipe(
      startWith(null),
      map(() => this.list()),
    ),
  );

  /** One room, on subscription and after each change; undefined while it is unknown. Watched rooms are never trimmed. */
  room$(id: Id): Observable<RoomState | undefined> {
    return defer(() => {
      this.#watch(id, 1);
      return this.#changes.pipe(
        filter((changed) => changed.has(id)),
        startWith(null),
        map(() => this.get(id)),
        finalize(() => this.#watch(id, -1)),
      );
    });
  }

  /** Each entry that follows what was known of its room, once and in its order; told after the rooms. */
  get entries$(): Observable<LogEntry> {
    return this.#arrivals.asObservable();
  }

  /** One room's state now. */
  get(id: Id): RoomState | undefined {
    return this.#states.get(id);
  }

  /** The rooms that this person is a member of, the latest entry first. */
  list(): readonly RoomState[] {
    return (this.#list ??= [...this.#states.values()].filter(({ gone }) => !gone).sort(byLatest));
  }

  /** The heads of the rooms that this person is a member of; of the `limit` latest ones, if a limit is given. */
  heads(limit?: number): Seen {
    const latest = this.list().slice(0, limit);
    return Object.fromEntries(latest.map((state) => [state.room.id, head(state)]));
  }

  /** The rooms that lack entries, each with the `seq` after which to ask. As of the last flush. */
  get missing(): ReadonlyMap<Id, number> {
    return this.#missing;
  }

  /** The rooms whose summary has to be fetched anew. As of the last flush. */
  get outdated(): ReadonlySet<Id> {
    return this.#outdated;
  }

  /** Takes states kept from an earlier life. Rooms that are known already stay as they are. */
  restore(states: readonly RoomState[]): void {
    for (const state of states) {
      this.#me ??= state.me;
      // What follows from the entries may have been left out, or have been less in an older version.
      if (state.me === this.#me && !this.#states.has(state.room.id))
        this.#begin(state.room.id, withEntries(state, state.entries));
    }
  }

  /** Takes what `authenticate` tells. Another person's states are forgotten. */
  welcomed(me: Id, rooms: readonly MyRoom[]): void {
    if (this.#me !== me) this.#forget();
    this.#me = me;
    this.#strays.clear();
    for (const room of rooms) this.#take(room, resumeRoom);
  }

  /** Takes a room of this person's, as the server has just shown it. */
  added(room: MyRoom): void {
    this.#take(room, applyRoom);
  }

  /** Takes one entry of a log. */
  entry(entry: LogEntry): void {
    const news = this.#news.get(entry.room);
    if (news) news.push(entry);
    else this.#news.set(entry.room, [entry]);
  }

  /** Takes what was missed. */
  synced({ rooms }: Synced): void {
    for (const [id, synced] of Object.entries(rooms))
      this.#update(id, (state) => this.#grown(state, applySynced(state, synced)));
  }

  /** Takes a page of older entries. */
  older(room: Id, page: LogPage): void {
    this.#update(room, (state) => applyOlder(state, page));
  }

  /** Takes how far this person has read. */
  read(mark: ReadMark): void {
    this.#update(mark.room, (state) => applyReadMark(state, mark));
  }

  /** Takes that this person has read on, before the server knows. */
  reading(room: Id, seq: number): void {
    this.#update(room, (state) => applyReading(state, seq));
  }

  /** Forgets all but the newest entries of a room, also of one that is watched. */
  trim(room: Id, keep: number): void {
    this.#update(room, (state) => trimEntries(state, keep));
  }

  /** Takes the end of a membership. */
  removed(room: Id, reason: RoomRemoved['reason']): void {
    this.#update(room, (state) => removeRoom(state, reason));
  }

  /** Takes what happened to a message in the outbox. */
  outbox(change: OutboxChange): void {
    this.#update(change.room, (state) => applyOutbox(state, change));
  }

  /** Tells what has changed since the last time. */
  flush(): void {
    this.#settleNews();
    if (this.#changed.size === 0) return;
    const changed = this.#changed;
    this.#changed = new Set();
    this.#list = undefined;
    for (const id of changed) this.#tidy(id);
    this.#changes.next(changed);
    this.#tellArrivals();
  }

  #tellArrivals(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (const entry of untold) this.#arrivals.next(entry);
  }

  #take(room: MyRoom, follow: typeof applyRoom): void {
    this.#settleNews();
    const state = this.#states.get(room.id);
    if (state) this.#change(room.id, follow(state, room));
    else if (this.#me) this.#begin(room.id, openRoom(this.#me, room));
  }

  #update(id: Id, follow: (state: RoomState) => RoomState): void {
    this.#settleNews();
    const state = this.#states.get(id);
    if (state) this.#change(id, follow(state));
  }

  #change(id: Id, state: RoomState): void {
    if (this.#states.get(id) === state) return;
    this.#states.set(id, state);
    this.#changed.add(id);
  }

  #begin(id: Id, state: RoomState): void {
    const withStrays = this.#grown(state, applyEntries(state, this.#strays.take(id)));
    this.#change(id, this.#options.pendingOf(id).reduce(applyOutbox, withStrays));
  }

  // A frame's entries are applied in one go: each application copies the list of entries.
  #settleNews(): void {
    for (const [id, entries] of this.#news) {
      const state = this.#states.get(id);
      if (state) this.#change(id, this.#grown(state, applyEntries(state, entries)));
      else this.#strays.add(id, entries);
    }
    this.#news.clear();
  }

  // What comes in by itself is told entry by entry, and trimmed; what somebody asked for, page by page, is not.
  #grown(before: RoomState, after: RoomState): RoomState {
    this.#untold.push(...after.entries.slice(Math.max(0, head(before) - after.base)));
    const { keepEntries } = this.#options;
    // Not at every entry: to trim is to copy.
    const isFull = after.entries.length >= keepEntries * 2;
    return isFull && !this.#watchers.has(after.room.id) ? trimEntries(after, keepEntries) : after;
  }

  #tidy(id: Id): void {
    if (this.#states.get(id)?.gone && !this.#watchers.has(id)) this.#states.delete(id);
    this.#noteTroubles(id);
  }

  #noteTroubles(id: Id): void {
    const state = this.#states.get(id);
    const after = state ? missingAfter(state) : null;
    if (after === null) this.#missing.delete(id);
    else this.#missing.set(id, after);
    if (state && isOutdated(state)) this.#outdated.add(id);
    else this.#outdated.delete(id);
  }

  #watch(id: Id, more: 1 | -1): void {
    const watchers = (this.#watchers.get(id) ?? 0) + more;
    if (watchers > 0) this.#watchers.set(id, watchers);
    else this.#watchers.delete(id);
    if (watchers === 0) this.#unwatched(id);
  }

  #unwatched(id: Id): void {
    const state = this.#states.get(id);
    if (state) this.#states.set(id, trimEntries(state, this.#options.keepEntries));
    this.#tidy(id);
  }

  #forget(): void {
    for (const id of this.#states.keys()) this.#changed.add(id);
    this.#states.clear();
  }
}

function byLatest(a: RoomState, b: RoomState): number {
  return latest(a) < latest(b) ? 1 : -1;
}

function latest({ room }: RoomState): string {
  return room.last?.at ?? room.created_at;
}
