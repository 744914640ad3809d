import type {
  Id,
  LogEntry,
  LogPage,
  MyRoom,
  PostMessage,
  Posted,
  ReadMark,
  RoomRemoved,
  SyncedRoom,
  Timestamp,
} from '@parley/contract';
import type { FailureData } from './errors';
import { reactionsOf, withReactions, type Reactions } from './reactions';
import { countUnread, foldEntry, type RoomSummary } from './room-summary';

/** A message of one's own that is not yet, or not visibly yet, in the log. */
export interface PendingMessage {
  message: PostMessage;
  queuedAt: Timestamp;
  /** Why the server refuses it; it waits for a retry or for being discarded. */
  error?: FailureData;
  /** Its place in the log: it is on disk, and only its entry is still under way. */
  posted?: Posted;
}

/** What happened to a message in the outbox. */
export type OutboxChange =
  | { type: 'queued'; room: Id; clientId: string; pending: PendingMessage }
  | { type: 'failed'; room: Id; clientId: string; error: FailureData }
  | { type: 'posted'; room: Id; clientId: string; posted: Posted }
  | { type: 'discarded'; room: Id; clientId: string };

/**
 * What one person's client has of a room. Plain data, never changed in place: every function here returns the state
 * that follows, or the very same one if nothing changed.
 */
export interface RoomState {
  /** Whose state it is. */
  readonly me: Id;
  /** The room as of `room.seq`, which can be ahead of `entries` while they are under way. */
  readonly room: RoomSummary;
  /** The `seq` before the first of `entries`. */
  readonly base: number;
  /** A stretch of the log without a gap, ascending. */
  readonly entries: readonly LogEntry[];
  /** Entries that came before those that precede them; ascending. They are shown once the gap is filled. */
  readonly held: readonly LogEntry[];
  /** What the messages among `entries` have under them. It follows from `entries`. */
  readonly reactions: Reactions;
  /** Whether the log goes on before `base`. */
  readonly hasOlder: boolean;
  /** The outbox's messages for this room, in their order. */
  readonly pending: readonly PendingMessage[];
  /** Why this person is no longer a member; null for a member. */
  readonly gone: RoomRemoved['reason'] | null;
}

/** The state that a freshly fetched room gives: its newest entry is all there is of its log. */
export function openRoom(me: Id, room: MyRoom): RoomState {
  const entries = newestOf(room);
  const base = room.seq - entries.length;
  const reactions = reactionsOf(entries);
  return { me, room, base, entries, held: [], reactions, hasOlder: base > 0, pending: [], gone: null };
}

/**
 * Takes the room as a new connection shows it. If the state is ahead of that, the server has forgotten (a backup was
 * restored) or has not yet heard, and what it says is what counts.
 */
export function resumeRoom(state: RoomState, room: MyRoom): RoomState {
  if (room.seq >= head(state)) return applyRoom(state, room);
  return { ...openRoom(state.me, room), pending: state.pending };
}

/** The `seq` of the newest entry that is known without a gap before it; 0 for none. */
export function head(state: RoomState): number {
  return state.base + state.entries.length;
}

/** If entries are known to be missing: the `seq` after which to ask the server (`sync`). Otherwise null. */
export function missingAfter(state: RoomState): number | null {
  if (state.gone) return null;
  return state.held.length > 0 || state.room.seq > head(state) ? head(state) : null;
}

/**
 * Whether the log alone cannot bring the summary up to date: the entries have run away from it, as after a reset, or
 * a member who was hidden has moved up into `users`. Fetch the room and `applyRoom`.
 */
export function isOutdated({ gone, room, base }: RoomState): boolean {
  return !gone && (room.seq < base || room.usersOutdated === true);
}

/** Takes entries in any order: what is known already is ignored, what leaves a gap is held. */
export function applyEntries(state: RoomState, news: readonly LogEntry[]): RoomState {
  if (state.gone) return state;
  const fresh = news.filter(({ seq }) => seq > head(state));
  if (fresh.length === 0) return state;
  const waiting = ordered([...state.held, ...fresh]);
  const run = runLength(waiting, head(state) + 1);
  if (run === 0) return { ...state, held: waiting };
  return appended({ ...state, held: waiting.slice(run) }, waiting.slice(0, run));
}

/** Takes a page of what is before `entries`. A page that does not end where they begin is ignored. */
export function applyOlder(state: RoomState, page: LogPage): RoomState {
  const older = page.entries.filter(({ seq }) => seq <= state.base);
  if (older.length === 0) return page.more ? state : { ...state, hasOlder: false };
  if (runLength(older, state.base - older.length + 1) < older.length) return state;
  const base = state.base - older.length;
  return withEntries({ ...state, base, hasOlder: page.more }, [...older, ...state.entries]);
}

/** Takes what `sync` found for this room: the rest, a new start, or the end. */
export function applySynced(state: RoomState, synced: SyncedRoom): RoomState {
  if ('gone' in synced) return removeRoom(state, 'left');
  return synced.reset ? startOver(state, ordered(synced.entries)) : applyEntries(state, synced.entries);
}

/** Takes the room as freshly fetched, unless the state is further already. Who was gone is a member again. */
export function applyRoom(state: RoomState, room: MyRoom): RoomState {
  if (room.seq < state.room.seq) return state;
  const member: RoomState = { ...state, room, gone: null };
  return caughtUp(applyReadMark(member, { room: room.id, read: state.room.read, unread: room.unread }));
}

/** Takes how far this person has read. The mark never moves back. */
export function applyReadMark(state: RoomState, { read, unread }: ReadMark): RoomState {
  const covered = coversAfter(state, read);
  // Said again, as the reply says what was noted before a break: by now the entries may tell what is unread after it.
  if (read < state.room.read || (read === state.room.read && !covered)) return state;
  const counted = covered ? countUnread(state.entries.slice(read - state.base), read, state.me) : unread;
  if (read === state.room.read && counted === state.room.unread) return state;
  return { ...state, room: { ...state.room, read, unread: counted } };
}

/**
 * Takes that this person has read on, before the server knows; but only where the entries tell what is unread then. The
 * server's own mark comes with its reply.
 */
export function applyReading(state: RoomState, read: number): RoomState {
  return coversAfter(state, read) ? applyReadMark(state, { room: state.room.id, read, unread: 0 }) : state;
}

/** Takes what happened to a message in the outbox. */
export function applyOutbox(state: RoomState, change: OutboxChange): RoomState {
  switch (change.type) {
    case 'queued':
      return unique(state, change.pending);
    case 'failed':
      return amended(state, change.clientId, { error: change.error });
    case 'posted':
      return settled(amended(state, change.clientId, { error: undefined, posted: change.posted }));
    case 'discarded':
      return { ...state, pending: state.pending.filter(({ message }) => message.clientId !== change.clientId) };
  }
}

/** The membership has ended: what is known stays to be looked at, and nothing is added to it. */
export function removeRoom(state: RoomState, reason: RoomRemoved['reason']): RoomState {
  return state.gone ? state : { ...state, gone: reason, held: [] };
}

/**
 * Forgets all but the newest `keep` entries, reactions not counted: what is kept is kept with all that was said of it
 * since. They can be fetched again as older ones.
 */
export function trimEntries(state: RoomState, keep: number): RoomState {
  const surplus = beginOfNewest(state.entries, keep);
  if (surplus <= 0) return state;
  return withEntries({ ...state, base: state.base + surplus, hasOlder: true }, state.entries.slice(surplus));
}

/** Where the newest entries begin, so that `keep` of them are no reactions. */
function beginOfNewest(entries: readonly LogEntry[], keep: number): number {
  let at = entries.length;
  for (let kept = 0; at > 0 && kept < keep; at--) if (entries[at - 1]!.type !== 'reaction') kept++;
  return at;
}

/** The state with another stretch of the log. */
export function withEntries(state: RoomState, entries: readonly LogEntry[]): RoomState {
  return { ...state, entries, reactions: reactionsOf(entries) };
}

function ordered(entries: readonly LogEntry[]): LogEntry[] {
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** How many of `entries`, ascending, follow each other from `first` on. */
function runLength(entries: readonly LogEntry[], first: number): number {
  const end = entries.findIndex(({ seq }, at) => seq !== first + at);
  return end < 0 ? entries.length : end;
}

function appended(state: RoomState, run: readonly LogEntry[]): RoomState {
  const reactions = withReactions(state.reactions, run);
  return settled(caughtUp({ ...state, reactions, entries: [...state.entries, ...run] }), run);
}

// A reset without a page is one that was too much for the server to tell: the newest entry is known all the same.
function startOver(state: RoomState, page: readonly LogEntry[]): RoomState {
  const newest = page.length > 0 ? page : newestOf(state.room);
  const base = (newest[0]?.seq ?? state.room.seq + 1) - 1;
  const room = { ...state.room, seq: Math.min(state.room.seq, base + newest.length) };
  const start = withEntries({ ...state, room, base, held: [], hasOlder: base > 0 }, []);
  return applyEntries(appended(start, newest), state.held);
}

function newestOf({ seq, last }: RoomSummary): LogEntry[] {
  return last?.seq === seq ? [last] : [];
}

/** Brings the summary up to the entries, if they reach back to where it stands. */
function caughtUp(state: RoomState): RoomState {
  if (state.room.seq < state.base) return state;
  const ahead = state.entries.slice(state.room.seq - state.base);
  if (ahead.length === 0) return state;
  const room = ahead.reduce((before, entry) => foldEntry(before, entry, state.me), state.room);
  return { ...state, room, gone: ahead.reduce((gone, entry) => membership(gone, entry, state.me), state.gone) };
}

/** Why `me` is no member after `entry`, given what held before it. */
function membership(gone: RoomState['gone'], entry: LogEntry, me: Id): RoomState['gone'] {
  if (entry.type !== 'system') return gone;
  if (entry.event === 'delete') return 'deleted';
  if (entry.user.id !== me) return gone;
  return entry.event === 'leave' ? 'left' : null;
}

/** Whether every entry after `read`, up to where the summary stands, is among `entries`. */
function coversAfter(state: RoomState, read: number): boolean {
  return state.base <= read && state.room.seq === head(state);
}

function unique(state: RoomState, pending: PendingMessage): RoomState {
  const { clientId } = pending.message;
  if (state.entries.some((entry) => isOwn(entry, state.me, clientId))) return state;
  const others = state.pending.filter(({ message }) => message.clientId !== clientId);
  return { ...state, pending: [...others, pending] };
}

function amended(state: RoomState, clientId: string, change: Partial<PendingMessage>): RoomState {
  const pending = state.pending.map((one) => (one.message.clientId === clientId ? { ...one, ...change } : one));
  return { ...state, pending };
}

/** Lets go of the pending messages whose entries are there now. */
function settled(state: RoomState, news: readonly LogEntry[] = []): RoomState {
  if (state.pending.length === 0) return state;
  const isThere = ({ message, posted }: PendingMessage): boolean =>
    (posted?.seq ?? Infinity) <= head(state) || news.some((entry) => isOwn(entry, state.me, message.clientId));
  return { ...state, pending: state.pending.filter((one) => !isThere(one)) };
}

function isOwn(entry: LogEntry, me: Id, clientId: string): boolean {
  return entry.type === 'message' && entry.clientId === clientId && entry.sender.id === me;
}
