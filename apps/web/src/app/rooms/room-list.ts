import { CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport } from '@angular/cdk/scrolling';
import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  Injector,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Language } from '../shared/language';
import { Notice } from '../shared/notice';
import { RoomDialogs } from './room-dialogs';
import { RoomRow } from './room-row';
import { RowMotion } from './row-motion';

const ROW_REM = 4.25;

/** The rooms of this person, the latest first. One stop for Tab; arrows go from room to room. */
@Component({
  selector: 'parley-room-list',
  imports: [CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport, MatButton, Notice, RoomRow],
  templateUrl: './room-list.html',
  styleUrl: './room-list.css',
  host: { '(focusin)': 'onFocus($event)', '(keydown)': 'onKeydown($event)' },
})
export class RoomList {
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #injector = inject(Injector);
  readonly #motion = new RowMotion();
  readonly viewport = viewChild(CdkVirtualScrollViewport);
  readonly dialogs = inject(RoomDialogs);
  readonly chat = inject(Chat);
  readonly words = inject(Language).words;
  /** The id of the open room. */
  readonly open = input.required<string | null>();
  /** Somebody wants to search. */
  readonly searchWanted = output();

  readonly rowHeight = ROW_REM * rootFontSize();
  /** The room that is to have the focus: perhaps its row is not there yet. */
  readonly wanted = signal<string | null>(null);
  readonly #focused = signal<string | null>(null);
  /** The one row that Tab goes to: the last focused, else the open one, else the first. */
  readonly tabStop = computed(() => {
    const ids = this.#ids();
    return [this.#focused(), this.open()].find((id) => id !== null && ids.includes(id)) ?? ids[0];
  });
  readonly isUnreachable = computed(() => !this.chat.isLoaded() && this.chat.state().status === 'offline');
  readonly #ids = computed(() => this.chat.rooms().map(({ room }) => room.id));

  constructor() {
    effect(() => this.#keepFocus(this.#ids()));
    afterRenderEffect(() => this.#motion.follow(this.#ids(), this.rowHeight, (id) => this.#row(id)));
  }

  idOf(_index: number, { room }: RoomState): string {
    return room.id;
  }

  /**
   * Moves the focus to a room, or to the first one. At once where its row is drawn: the next key may come before the
   * next render.
   */
  focus(id: string | undefined = this.tabStop()): void {
    const place = this.#ids().indexOf(id ?? '');
    if (place < 0 || id === undefined) return;
    const link = this.#link(id);
    if (link) link.focus({ preventScroll: true });
    else this.wanted.set(id);
    this.#bringIntoView(place);
  }

  onFocus({ target }: FocusEvent): void {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-room]') : null;
    this.#focused.set(row?.dataset['room'] ?? null);
    this.wanted.set(null);
  }

  onKeydown(event: KeyboardEvent): void {
    const to = this.#destination(event);
    if (to === undefined) return;
    event.preventDefault();
    this.focus(this.#ids()[to]);
  }

  #destination({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): number | undefined {
    if (altKey || ctrlKey || metaKey) return undefined;
    const last = this.#ids().length - 1;
    const at = this.#ids().indexOf(this.tabStop() ?? '');
    const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
    const place = places[key];
    return place === undefined ? undefined : Math.min(Math.max(place, 0), last);
  }

  #bringIntoView(place: number): void {
    const viewport = this.viewport();
    if (!viewport) return;
    const top = place * this.rowHeight;
    const scrolled = viewport.measureScrollOffset();
    const most = top + this.rowHeight - viewport.getViewportSize();
    if (top < scrolled) viewport.scrollToOffset(top);
    else if (most > scrolled) viewport.scrollToOffset(most);
  }

  // A row that moves is taken out of the page and put in again, and loses the focus on the way.
  #keepFocus(_order: readonly string[]): void {
    const id = untracked(this.#focused);
    if (id === null || !this.#element.contains(document.activeElement)) return;
    const restore = () => document.activeElement === document.body && this.#link(id)?.focus({ preventScroll: true });
    afterNextRender(() => void restore(), { injector: this.#injector });
  }

  #row(id: string): HTMLElement | undefined {
    return this.#element.querySelector<HTMLElement>(`[data-room="${id}"]`) ?? undefined;
  }

  #link(id: string): HTMLElement | null | undefined {
    return this.#row(id)?.querySelector('a');
  }
}

/** Rows grow with the reader's font size. */
function rootFontSize(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
