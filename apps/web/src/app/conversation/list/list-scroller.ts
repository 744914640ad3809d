import {
  afterNextRender,
  afterRenderEffect,
  contentChild,
  DestroyRef,
  Directive,
  ElementRef,
  inject,
  input,
  signal,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ListView } from './list-view';
import { MeasuredRows } from './measured-rows';
import { ScrollAnchor } from './scroll-anchor';

/**
 * The element that scrolls a list of rows. It tells the view what is seen, and keeps that in its place. The element of
 * the rows is marked `#rows`.
 */
@Directive({ selector: '[parleyScroller]', exportAs: 'parleyScroller' })
export class ListScroller {
  readonly view = input.required<ListView>({ alias: 'parleyScroller' });
  readonly #scroller = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly rows = contentChild.required<ElementRef<HTMLElement>>('rows');
  readonly #measured = inject(MeasuredRows);
  readonly #destroyed = inject(DestroyRef);
  readonly #isAtEnd = signal(true);
  readonly #topKey = signal<string | null>(null);
  #made: ScrollAnchor | undefined;
  #width = 0;

  /** Whether the newest row is seen. */
  readonly isAtEnd = this.#isAtEnd.asReadonly();
  /** The key of the topmost row that is seen; null at the end. */
  readonly topKey = this.#topKey.asReadonly();

  constructor() {
    afterNextRender({ read: () => this.#begin() });
    afterRenderEffect({
      mixedReadWrite: () => {
        this.view().rendered();
        this.#anchor.hold();
      },
    });
  }

  /** Goes to the newest row, and stays there. */
  toEnd(): void {
    this.#anchor.toEnd();
    this.#look();
  }

  /** Brings a row into the upper part of what is seen; `under` is the height of what follows it, in pixels. */
  bring(key: string, under: number): void {
    const { clientHeight } = this.#scroller;
    this.#anchor.bring(key, { top: clientHeight / 3, below: Math.max(0, under - (clientHeight * 2) / 3) });
    this.#look();
  }

  /** Takes the focus where what had it has gone. */
  takeFocus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  get #anchor(): ScrollAnchor {
    return (this.#made ??= new ScrollAnchor(this.#scroller, this.rows().nativeElement));
  }

  #begin(): void {
    const scrolled = (): void => this.#scrolled();
    this.#scroller.addEventListener('scroll', scrolled, { passive: true });
    // It also tells the size at the start: the rows are not drawn in one go with all the rest.
    const resizes = new ResizeObserver(() => this.#resized());
    resizes.observe(this.#scroller);
    this.#destroyed.onDestroy(() => {
      this.#scroller.removeEventListener('scroll', scrolled);
      resizes.disconnect();
    });
    this.#measured.changes$.pipe(takeUntilDestroyed(this.#destroyed)).subscribe(() => {
      this.#anchor.hold();
      this.view().measured();
    });
  }

  #scrolled(): void {
    this.#anchor.note();
    this.#look();
  }

  /** With another width all lines break elsewhere: what is read stays. With another height it is the end that stays. */
  #resized(): void {
    const { clientWidth } = this.#scroller;
    if (clientWidth === this.#width) return this.#scrolled();
    this.#width = clientWidth;
    this.#anchor.hold();
    this.#look();
  }

  #look(): void {
    const { below, isAtEnd, key } = this.#anchor;
    this.#isAtEnd.set(isAtEnd);
    this.#topKey.set(key);
    this.view().look(isAtEnd ? 0 : below, this.#scroller.clientHeight);
  }
}
