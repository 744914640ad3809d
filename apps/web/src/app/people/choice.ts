import type { Highlightable } from '@angular/cdk/a11y';
import { Directive, ElementRef, inject, input, output, signal } from '@angular/core';

let count = 0;

/** One of a listbox's options; the focus stays in the field that the listbox belongs to. `Choices` moves among them. */
@Directive({
  selector: '[parleyChoice]',
  host: {
    role: 'option',
    '[id]': 'id',
    '[class.active]': 'isActive()',
    '[attr.aria-selected]': 'isSelected() ?? isActive()',
    '(mousedown)': '$event.preventDefault()',
    '(click)': 'choose.emit()',
  },
})
export class Choice implements Highlightable {
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly id = `choice-${++count}`;
  /** What tells it apart from the others, before and after a change of the list. */
  readonly key = input.required<string>({ alias: 'parleyChoice' });
  /** Whether it is among those chosen, where several can be; the active one counts where only one can. */
  readonly isSelected = input<boolean>();
  readonly isActive = signal(false);
  readonly choose = output();

  setActiveStyles(): void {
    this.isActive.set(true);
    this.#element.scrollIntoView?.({ block: 'nearest' });
  }

  setInactiveStyles(): void {
    this.isActive.set(false);
  }
}
