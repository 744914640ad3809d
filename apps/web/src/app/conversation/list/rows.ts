import type { Author, Id, LogEntry, MessageEntry, SystemEntry, Timestamp } from '@parley/contract';
import { head, type PendingMessage, type Reaction, type RoomState } from '@parley/sdk';
import { isSameDay } from './days';
import type { RowRange } from './row-window';

/** Messages of one author stay together as long as no more than this is between them. */
const TOGETHER_MS = 5 * 60_000;

/** What became of a message of one's own. */
export type Delivery = 'waiting' | 'failed' | 'sent';

/** What every row has. */
interface RowBase {
  /** The same for as long as the row is, also when a message that waited gets its place in the log. */
  key: string;
  at: Timestamp;
  /** The first of its day: the day is written above it. */
  startsDay: boolean;
  /** The first that was unread when the room was opened. */
  startsUnread: boolean;
}

/** A message, in the log or still on its way. */
export interface MessageRow extends RowBase {
  type: 'message';
  text: string;
  author: Author;
  isOwn: boolean;
  /** Whether it is the first, and the last, of what its author said in one go. */
  startsGroup: boolean;
  endsGroup: boolean;
  delivery: Delivery;
  room: Id;
  /** Its place in the log, once it has one. */
  seq?: number;
  reactions: readonly Reaction[];
  /** The one that waits or was refused. */
  pending?: PendingMessage;
}

/** Something that happened to the room. */
export interface SystemRow extends RowBase {
  type: 'system';
  entry: SystemEntry;
  /** Whether it was oneself who came or went. */
  isOwn: boolean;
}

/** One row of the list. */
export type Row = MessageRow | SystemRow;

/** What has a number: not all of it has a row. */
type Item = LogEntry | PendingMessage;
type Said = MessageEntry | PendingMessage;
type Shown = Said | SystemEntry;

const NO_REACTIONS: readonly Reaction[] = [];

/**
 * The rows of a room: its entries under their `seq`, and behind them what is not in the log yet. A reaction has a number
 * and no row: it is shown under its message. No row is made before it is asked for, and each looks at its neighbours
 * only: it costs the same in a room of ten entries and of 100,000.
 */
export class Rows {
  readonly #state: RoomState;
  /** Their numbers. */
  readonly range: RowRange;
  /** The number behind the newest entry: from here on they are of what waits, and may become others'. */
  readonly waitingFrom: number;
  /** The number of the row that has the divider of new messages above it; null where it is in none of them. */
  readonly firstUnread: number | null;

  /** @param unreadAfter the `seq` after which messages of others are new; null for none. */
  constructor(state: RoomState, unreadAfter: number | null) {
    this.#state = state;
    this.waitingFrom = head(state) + 1;
    this.range = { first: state.base + 1, end: this.waitingFrom + state.pending.length };
    this.firstUnread = unreadAfter === null ? null : this.#firstOfOthers(unreadAfter + 1);
  }

  /** The row with a number within the range; undefined for one that has none. */
  at(number: number): Row | undefined {
    const item = this.#item(number);
    if (!item) throw new RangeError(`There is no row ${number}.`);
    if (!isShown(item)) return undefined;
    const startsDay = this.#startsDay(number, item);
    const startsUnread = number === this.firstUnread;
    const base = { key: keyOf(item, this.#me), at: timeOf(item), startsDay, startsUnread };
    return isSystem(item)
      ? { ...base, type: 'system', entry: item, isOwn: item.user.id === this.#me }
      : { ...base, ...this.#message(number, item) };
  }

  /** The text of a message, empty for what happened to the room; undefined where there is no row. */
  textAt(number: number): string | undefined {
    const item = this.#item(number);
    if (!item || !isShown(item)) return undefined;
    return isSystem(item) ? '' : textOf(item);
  }

  get #me(): Id {
    return this.#state.me;
  }

  #message(number: number, item: Said): Omit<MessageRow, keyof RowBase> {
    const author = authorOf(item, this.#me);
    const next = this.#shownFrom(number + 1, 1);
    return {
      ...(isPending(item) ? { pending: item } : { seq: item.seq }),
      type: 'message',
      room: this.#state.room.id,
      text: textOf(item),
      author,
      isOwn: author.id === this.#me,
      startsGroup: this.#startsGroup(number),
      endsGroup: !next || this.#startsGroup(next.number),
      delivery: deliveryOf(item),
      reactions: (isPending(item) ? undefined : this.#state.reactions.get(item.seq)) ?? NO_REACTIONS,
    };
  }

  #item(number: number): Item | undefined {
    const { base, entries, pending } = this.#state;
    const at = number - base - 1;
    return at < entries.length ? entries[at] : pending[at - entries.length];
  }

  /** The nearest that has a row, from a number on or back. */
  #shownFrom(number: number, step: 1 | -1): { number: number; item: Shown } | undefined {
    for (let at = number; ; at += step) {
      const item = this.#item(at);
      if (!item || isShown(item)) return item && { number: at, item };
    }
  }

  #startsDay(number: number, item: Shown): boolean {
    const before = this.#shownFrom(number - 1, -1)?.item;
    return before ? !isSameDay(timeOf(before), timeOf(item)) : !this.#state.hasOlder;
  }

  #startsGroup(number: number): boolean {
    const item = this.#item(number) as Shown;
    const before = this.#shownFrom(number - 1, -1)?.item;
    if (!before || isSystem(before) || isSystem(item) || number === this.firstUnread) return true;
    const isOther = authorOf(before, this.#me).id !== authorOf(item, this.#me).id;
    return isOther || gap(before, item) > TOGETHER_MS || this.#startsDay(number, item);
  }

  /** Nothing but messages of others counts as unread. */
  #firstOfOthers(from: number): number | null {
    if (from < this.range.first) return null;
    for (let number = from; number < this.range.end; number++) {
      const item = this.#item(number)!;
      if (isSaid(item) && authorOf(item, this.#me).id !== this.#me) return number;
    }
    return null;
  }
}

/** Whether two rows show the same. */
export function isSameRow(a: Row, b: Row): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof Row)[];
  return names.every((name) => a[name] === b[name]);
}

function isPending(item: Item): item is PendingMessage {
  return 'message' in item && typeof item.message === 'object';
}

function isSaid(item: Item): item is Said {
  return isPending(item) || item.type === 'message';
}

/** A server may be newer than this page: an entry that it does not know is not shown. */
function isShown(item: Item): item is Shown {
  return isSaid(item) || item.type === 'system';
}

function isSystem(item: Shown): item is SystemEntry {
  return !isSaid(item);
}

function timeOf(item: Shown): Timestamp {
  return isPending(item) ? item.queuedAt : item.at;
}

function textOf(item: Said): string {
  return isPending(item) ? item.message.text : item.text;
}

function authorOf(item: Said, me: Id): Author {
  return isPending(item) ? { id: me, name: '' } : item.sender;
}

function deliveryOf(item: Said): Delivery {
  if (!isPending(item) || item.posted) return 'sent';
  return item.error ? 'failed' : 'waiting';
}

function keyOf(item: Shown, me: Id): string {
  if (isPending(item)) return item.message.clientId;
  const isMine = item.type === 'message' && item.sender.id === me;
  return (isMine && item.clientId) || String(item.seq);
}

function gap(before: Shown, item: Shown): number {
  return Date.parse(timeOf(item)) - Date.parse(timeOf(before));
}
