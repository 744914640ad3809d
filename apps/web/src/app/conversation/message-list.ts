import { Component, computed, effect, inject, input, linkedSignal, signal, untracked, viewChild } from '@angular/core';
import { head, type RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Announcer } from './list/announcer';
import { DayLine } from './list/day-line';
import { ListScroller } from './list/list-scroller';
import { ListSkeleton } from './list/list-skeleton';
import { ListStart } from './list/list-start';
import { ListView } from './list/list-view';
import { MeasuredRow, MeasuredRows } from './list/measured-rows';
import { OlderPages } from './list/older-pages';
import { hasUnreadAbove, pageSize, wantsMore } from './list/opening';
import { PageVisibility } from './list/page-visibility';
import { ReadMarker } from './list/read-marker';
import { RowFocus } from './list/row-focus';
import { Rows } from './list/rows';
import { UnreadBar } from './list/unread-bar';
import { followingMark, openingMark, type Reading, type UnreadMark } from './list/unread-mark';
import { Message } from './message';
import { SystemLine } from './system-line';

/** Unread messages are counted up to here. */
const MANY = 99;

/** Entries that are kept while the end is looked at. */
const KEPT_AT_END = 1_000;

/** What was said in a room, and what is on its way. However long that is, only what is seen is in the page. */
@Component({
  selector: 'parley-message-list',
  imports: [
    DayLine,
    Icon,
    ListScroller,
    ListSkeleton,
    ListStart,
    MeasuredRow,
    Message,
    RowFocus,
    SystemLine,
    UnreadBar,
  ],
  templateUrl: './message-list.html',
  styleUrl: './message-list.css',
  providers: [Announcer, MeasuredRows, OlderPages, ReadMarker],
})
export class MessageList {
  readonly #chat = inject(Chat);
  readonly #page = inject(PageVisibility);
  readonly #marker = inject(ReadMarker);
  readonly #isOnline = computed(() => this.#chat.state().status === 'online');
  readonly words = inject(Language).words;
  readonly older = inject(OlderPages);
  /** The room. Another room wants another list. */
  readonly state = input.required<RoomState>();
  /** Whether something else lies over the list. */
  readonly isCovered = input(false);
  readonly scroller = viewChild.required(ListScroller);
  readonly #isVisible = computed(() => this.#page.isVisible() && !this.isCovered());

  readonly #mark = linkedSignal<Reading, UnreadMark>({
    source: () => this.#reading(),
    computation: (now, before) => followingMark(before ? before.value : openingMark(now), now),
  });
  readonly rows = computed(() => new Rows(this.state(), this.#mark()));
  readonly view = new ListView(this.rows, inject(MeasuredRows).heights);
  readonly showsAuthors = computed(() => this.state().room.kind !== 'private');
  /** Whether there is enough to look at, and the place where reading goes on is found. */
  readonly #isOpened = signal(false);
  readonly #isSettled = signal(false);
  /** Whether the rows stand where they will stay: until then there are skeletons. */
  readonly isSettled = this.#isSettled.asReadonly();
  /** Whether messages are new that were never here to be seen. */
  readonly hasUnreadAbove = computed(() => hasUnreadAbove(this.state()));
  /** Whether somebody wants to be taken to the first of them. */
  readonly isSeeking = signal(false);
  /** Whether more is new than what leads to the end. */
  readonly #goesBack = computed(() => this.isSeeking() || this.hasUnreadAbove());
  /** What has been read, once the newest entry is before somebody's eyes, and all that is new before it can have been. */
  readonly #read = computed(() => {
    const { room } = this.state();
    const isSeen = this.isSettled() && this.#isVisible() && this.scroller().isAtEnd() && !this.#goesBack();
    return isSeen && this.#isOnline() && room.unread > 0 ? { room: room.id, seq: head(this.state()) } : null;
  });
  /** The newest message of one's own that is on its way; one that was refused stays where it is. */
  readonly #newestOwn = computed(() => this.state().pending.findLast(({ error }) => !error)?.message.clientId);

  /** How many unread messages there are, as the button says it; empty for none. */
  readonly unread = computed(() => {
    const { unread } = this.state().room;
    if (unread === 0) return '';
    return unread > MANY ? `${MANY}+` : String(unread);
  });
  /** The moment of the topmost row that is seen; null at the end, and where its day is written above it. */
  readonly topMoment = computed(() => {
    const key = this.scroller().topKey();
    const top = this.view.rendered().find(({ row }) => row.key === key)?.row;
    return top && !top.startsDay ? top.at : null;
  });

  constructor() {
    inject(Announcer).follow(this.state);
    this.#marker.follow(this.#read);
    effect(() => this.#open());
    effect(() => this.#isOpened() && this.#settle());
    effect(() => {
      // What is seen comes first.
      if (this.isSettled() && this.view.isNearBeginning() && this.state().hasOlder && !this.older.isLoading())
        this.loadOlder();
    });
    effect(() => this.isSeeking() && this.#seek());
    effect(() => this.#followOwn());
    effect(() => this.#letGo());
  }

  loadOlder(): void {
    void this.older.load(this.state().room.id, pageSize(this.state()));
  }

  /** Goes to the first unread message, however far up it is. */
  seekUnread(): void {
    if (this.older.failure()) this.retryOlder();
    this.isSeeking.set(true);
  }

  /** What is new counts as read, also what was never seen. */
  markRead(): void {
    this.#marker.tell({ room: this.state().room.id, seq: head(this.state()) });
  }

  retryOlder(): void {
    void this.older.retry(this.state().room.id);
  }

  #reading(): Reading {
    const { seq, read, unread } = this.state().room;
    return { seq, read, unread, isVisible: this.#isVisible(), isOnline: this.#isOnline() };
  }

  /** Loads what is needed, then goes to the first unread message, unless the newest one is on the same screen. */
  #open(): void {
    if (this.#isOpened() || this.view.height === 0 || this.older.isLoading()) return;
    if (!this.older.failure() && wantsMore(this.state(), this.#mark())) return this.loadOlder();
    this.#bringUnread();
    this.#isOpened.set(true);
  }

  #bringUnread(): void {
    const { firstUnread } = this.rows();
    const under = firstUnread === null ? 0 : this.view.heightFrom(firstUnread);
    if (firstUnread !== null && under > this.view.height) {
      this.scroller().bring(this.rows().at(firstUnread)!.key, under);
    }
  }

  /**
   * The rows are drawn and measured in one frame; what that moves has moved in the next. Where they are higher than they
   * were guessed to be, the first unread message may have left the screen.
   */
  #settle(): void {
    const settled = (): void => {
      if (this.scroller().isAtEnd()) this.#bringUnread();
      this.#isSettled.set(true);
    };
    requestAnimationFrame(() => requestAnimationFrame(settled));
  }

  /** Page after page, until it is there; a failure is told where the pages begin. */
  #seek(): void {
    if (this.older.isLoading()) return;
    if (this.hasUnreadAbove() && !this.older.failure()) return this.loadOlder();
    if (!this.hasUnreadAbove()) this.#bringUnread();
    this.isSeeking.set(false);
  }

  /** Who writes wants to see it; in another tab they may be reading. What was on its way before is no reason to move. */
  #followOwn(): void {
    const isWriting = this.#newestOwn() !== undefined && document.hasFocus();
    if (isWriting && untracked(this.#isOpened)) untracked(() => this.scroller().toEnd());
  }

  /** Who is at the end, for days perhaps, needs no memory for all that has gone by. */
  #letGo(): void {
    const { entries, room } = this.state();
    if (entries.length > KEPT_AT_END * 2 && this.scroller().isAtEnd() && !this.#goesBack())
      this.#chat.trim(room.id, KEPT_AT_END);
  }
}
