import { afterRenderEffect, computed, Directive, ElementRef, inject, input, output, signal } from '@angular/core';
import type { NumberedRow } from './row-memory';

/** Where the arrow keys lead, from one message to the next. */
const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

/**
 * The keyboard's way through rows: one of them is a tab stop, and arrow keys go on from there. What is to have the
 * focus in a row is marked `data-row-action`.
 */
@Directive({
  selector: '[parleyRowFocus]',
  exportAs: 'parleyRowFocus',
  host: { '(focusin)': 'enter($event)', '(focusout)': 'leave()', '(keydown)': 'step($event)' },
})
export class RowFocus {
  readonly rows = input.required<readonly NumberedRow[]>({ alias: 'parleyRowFocus' });
  /** The row that had the focus is not rendered any more. */
  readonly lost = output();
  readonly #list = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #last = signal<string | null>(null);
  #hasFocus = false;

  /** The key of the row that Tab leads to: the one that had the focus last, or else the newest message. */
  readonly tabStop = computed(() => {
    const messages = this.rows().filter(({ row }) => row.type === 'message');
    const last = messages.find(({ row }) => row.key === this.#last());
    return (last ?? messages.at(-1))?.row.key ?? null;
  });

  constructor() {
    afterRenderEffect({
      read: () => {
        this.rows();
        if (this.#hasFocus && !this.#list.contains(document.activeElement)) this.#lose();
      },
    });
  }

  enter(event: FocusEvent): void {
    this.#hasFocus = true;
    this.#last.set(rowOf(event.target)?.dataset['key'] ?? null);
  }

  leave(): void {
    this.#hasFocus = false;
  }

  step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const row = rowOf(event.target);
    if (!step || !row) return;
    event.preventDefault();
    const actions = [...this.#list.querySelectorAll<HTMLElement>('[data-row-action]')];
    const at = actions.findIndex((action) => row.contains(action));
    actions[at + step]?.focus();
  }

  #lose(): void {
    this.#hasFocus = false;
    this.lost.emit();
  }
}

function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof HTMLElement ? target.closest<HTMLElement>('[data-key]') : null;
}
