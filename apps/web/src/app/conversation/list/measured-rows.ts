import { DestroyRef, Directive, effect, ElementRef, inject, Injectable, input, untracked } from '@angular/core';
import { Subject } from 'rxjs';
import { RowHeights } from './row-heights';

/** How high the rows of one list are, as they are drawn. A list provides it; `parleyRow` fills it. */
@Injectable()
export class MeasuredRows {
  readonly heights = new RowHeights();
  readonly #changes = new Subject<void>();
  readonly #rows = new Map<Element, { number: number; height: number }>();
  readonly #observer = new ResizeObserver((sizes) => this.#measured(sizes));

  /** Tells when heights have changed: after the layout and before the page is drawn. */
  readonly changes$ = this.#changes.asObservable();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#observer.disconnect());
  }

  /** Takes an element for the row with a number; the same element can get another number. */
  add(element: Element, number: number): void {
    const known = this.#rows.get(element);
    this.#rows.set(element, { number, height: known?.height ?? 0 });
    if (!known) this.#observer.observe(element);
    else if (known.height > 0) this.heights.set(number, known.height);
  }

  /** An element is gone. Its row stays as high as it was. */
  remove(element: Element): void {
    this.#rows.delete(element);
    this.#observer.unobserve(element);
  }

  #measured(sizes: readonly ResizeObserverEntry[]): void {
    for (const { target, borderBoxSize } of sizes) {
      const row = this.#rows.get(target);
      const height = borderBoxSize[0]?.blockSize ?? 0;
      // An element that is not shown, as on a phone behind the list of rooms, has no height to learn from.
      if (!row || height === 0) continue;
      row.height = height;
      this.heights.set(row.number, height);
    }
    this.#changes.next();
  }
}

/** An element that is the row with a number. */
@Directive({ selector: '[parleyRow]' })
export class MeasuredRow {
  readonly number = input.required<number>({ alias: 'parleyRow' });

  constructor() {
    const rows = inject(MeasuredRows);
    const element = inject<ElementRef<Element>>(ElementRef).nativeElement;
    effect(() => {
      const number = this.number();
      untracked(() => rows.add(element, number));
    });
    inject(DestroyRef).onDestroy(() => rows.remove(element));
  }
}
