import { ActiveDescendantKeyManager } from '@angular/cdk/a11y';
import { computed, effect, inject, Injector, type Signal, untracked } from '@angular/core';
import type { Choice } from './choice';

/** The keyboard of a field with a listbox: arrows move the active option, Enter chooses it. Make it where `inject` works. */
export class Choices {
  readonly #manager: ActiveDescendantKeyManager<Choice>;
  readonly #choices: Signal<readonly Choice[]>;
  /** The id of the active option, for `aria-activedescendant`. */
  readonly activeId: Signal<string | null>;

  constructor(choices: Signal<readonly Choice[]>) {
    this.#choices = choices;
    this.#manager = new ActiveDescendantKeyManager(choices, inject(Injector)).withWrap();
    this.activeId = computed(() => choices().find(({ isActive }) => isActive())?.id ?? null);
    effect(() => this.#follow(choices()));
  }

  /** Takes a key that was pressed in the field; the field itself gets the others. */
  press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter') this.#chooseActive(event);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.#manager.onKeydown(event);
  }

  #chooseActive(event: KeyboardEvent): void {
    const active = this.#choices().find(({ isActive }) => isActive());
    event.preventDefault();
    active?.choose.emit();
  }

  // What is active stays so while the list changes around it; when it goes, the first one is.
  #follow(choices: readonly Choice[]): void {
    untracked(() => {
      if (choices.length > 0 && !choices.some(({ isActive }) => isActive())) this.#manager.setFirstItemActive();
    });
  }
}
