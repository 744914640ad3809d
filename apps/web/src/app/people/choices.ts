import { ActiveDescendantKeyManager } from '@angular/cdk/a11y';
import { computed, effect, inject, Injector, type Signal, untracked } from '@angular/core';
import type { Choice } from './choice';

/**
 * The keyboard of a field with a listbox: arrows move the active option, Enter chooses it. As soon as something is
 * typed the first one is active, until somebody moves. Make it where `inject` works.
 */
export class Choices {
  readonly #manager: ActiveDescendantKeyManager<Choice>;
  readonly #choices: Signal<readonly Choice[]>;
  #typed = '';
  #hasMoved = false;
  /** The id of the active option, for `aria-activedescendant`. */
  readonly activeId: Signal<string | null>;

  constructor(choices: Signal<readonly Choice[]>, typed: Signal<string>) {
    this.#choices = choices;
    this.#manager = new ActiveDescendantKeyManager(choices, inject(Injector)).withWrap();
    this.activeId = computed(() => choices().find(({ isActive }) => isActive())?.id ?? null);
    effect(() => this.#follow(choices(), typed()));
  }

  /** Takes a key that was pressed in the field; the field itself gets the others. */
  press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter') this.#chooseActive(event);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.#move(event);
  }

  #chooseActive(event: KeyboardEvent): void {
    event.preventDefault();
    this.#active()?.choose.emit();
  }

  #move(event: KeyboardEvent): void {
    this.#hasMoved = true;
    this.#manager.onKeydown(event);
  }

  #follow(choices: readonly Choice[], typed: string): void {
    untracked(() => {
      if (typed !== this.#typed) this.#restart(typed);
      const isLost = !this.#active() || !this.#hasMoved;
      if (typed !== '' && choices.length > 0 && isLost) this.#manager.setFirstItemActive();
    });
  }

  #restart(typed: string): void {
    this.#typed = typed;
    this.#hasMoved = false;
    this.#manager.setActiveItem(-1);
  }

  #active(): Choice | undefined {
    return this.#choices().find(({ isActive }) => isActive());
  }
}
