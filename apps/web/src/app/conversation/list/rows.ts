import type { Author, Id, LogEntry, SystemEntry, Timestamp } from '@parley/contract';
import { head, type PendingMessage, type RoomState } from '@parley/sdk';
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

type Item = LogEntry | PendingMessage;

/**
 * The rows of a room: its entries under their `seq`, and behind them what is not in the log yet. No row is made before
 * it is asked for, and each looks at its neighbours only: it costs the same in a room of ten entries and of 100,000.
 */
export class Rows {
  readonly #state: RoomState;
  /** Their numbers. */
  readonly range: RowRange;
  /** The number of the row that has the divider of new messages above it; null where it is in none of them. */
  readonly firstUnread: number | null;

  /** @param unreadAfter the `seq` after which messages of others are new; null for none. */
  constructor(state: RoomState, unreadAfter: number | null) {
    this.#state = state;
    this.range = { first: state.base + 1, end: head(state) + 1 + state.pending.length };
    this.firstUnread = unreadAfter === null ? null : this.#firstOfOthers(unreadAfter + 1);
  }

  /** The row with a number within the range. */
  at(number: number): Row {
    const item = this.#item(number);
    if (!item) throw new RangeError(`There is no row ${number}.`);
    const startsDay = this.#startsDay(number, item);
    const startsUnread = number === this.firstUnread;
    const base = { key: keyOf(item, this.#me), at: timeOf(item), startsDay, startsUnread };
    return isSystem(item)
      ? { ...base, type: 'system', entry: item, isOwn: item.user.id === this.#me }
      : { ...base, ...this.#message(number, item) };
  }

  /** The text of a message; of anything else, nothing. */
  textAt(number: number): string {
    const item = this.#item(number);
    return item && !isSystem(item) ? textOf(item) : '';
  }

  get #me(): Id {
    return this.#state.me;
  }

  #message(number: number, item: Exclude<Item, SystemEntry>): Omit<MessageRow, keyof RowBase> {
    const author = authorOf(item, this.#me);
    const pending = isPending(item) ? { pending: item } : {};
    return {
      ...pending,
      type: 'message',
      text: textOf(item),
      author,
      isOwn: author.id === this.#me,
      startsGroup: this.#startsGroup(number),
      endsGroup: number + 1 >= this.range.end || this.#startsGroup(number + 1),
      delivery: deliveryOf(item),
    };
  }

  #item(number: number): Item | undefined {
    const { base, entries, pending } = this.#state;
    const at = number - base - 1;
    return at < entries.length ? entries[at] : pending[at - entries.length];
  }

  #startsDay(number: number, item: Item): boolean {
    const before = this.#item(number - 1);
    return before ? !isSameDay(timeOf(before), timeOf(item)) : !this.#state.hasOlder;
  }

  #startsGroup(number: number): boolean {
    const item = this.#item(number)!;
    const before = this.#item(number - 1);
    if (!before || isSystem(before) || isSystem(item) || number === this.firstUnread) return true;
    const isOther = authorOf(before, this.#me).id !== authorOf(item, this.#me).id;
    return isOther || gap(before, item) > TOGETHER_MS || this.#startsDay(number, item);
  }

  /** Nothing but messages of others counts as unread. */
  #firstOfOthers(from: number): number | null {
    if (from < this.range.first) return null;
    for (let number = from; number < this.range.end; number++) {
      const item = this.#item(number)!;
      if (!isSystem(item) && authorOf(item, this.#me).id !== this.#me) return number;
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

function isSystem(item: Item): item is SystemEntry {
  return !isPending(item) && item.type !== 'message';
}

function timeOf(item: Item): Timestamp {
  return isPending(item) ? item.queuedAt : item.at;
}

function textOf(item: Exclude<Item, SystemEntry>): string {
  return isPending(item) ? item.message.text : item.text;
}

function authorOf(item: Exclude<Item, SystemEntry>, me: Id): Author {
  return isPending(item) ? { id: me, name: '' } : item.sender;
}

function deliveryOf(item: Exclude<Item, SystemEntry>): Delivery {
  if (!isPending(item) || item.posted) return 'sent';
  return item.error ? 'failed' : 'waiting';
}

function keyOf(item: Item, me: Id): string {
  if (isPending(item)) return item.message.clientId;
  const isMine = item.type === 'message' && item.sender.id === me;
  return (isMine && item.clientId) || String(item.seq);
}

function gap(before: Item, item: Item): number {
  return Date.parse(timeOf(item)) - Date.parse(timeOf(before));
}
