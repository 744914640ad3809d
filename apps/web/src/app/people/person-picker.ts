import { Component, computed, inject, input, model, viewChild } from '@angular/core';
import { LIMITS } from '@parley/contract';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import type { Person } from './contacts';
import { PersonFinder } from './person-finder';

/** Chooses several people: those chosen stand above the search, and each can be taken out again. */
@Component({
  selector: 'parley-person-picker',
  imports: [Icon, PersonFinder],
  templateUrl: './person-picker.html',
  styleUrl: './person-picker.css',
})
export class PersonPicker {
  readonly words = inject(Language).words;
  readonly label = input.required<string>();
  readonly people = model<readonly Person[]>([]);
  /** The ids of those who are not to be offered. */
  readonly without = input<readonly string[]>([]);
  readonly ids = computed(() => this.people().map(({ id }) => id));
  readonly isFull = computed(() => this.people().length >= LIMITS.usersPerCall);
  readonly most = LIMITS.usersPerCall;
  readonly finder = viewChild.required(PersonFinder);

  /** Takes somebody in, or out who was in. */
  toggle(person: Person): void {
    if (this.ids().includes(person.id)) return this.remove(person);
    if (this.isFull()) return;
    this.people.update((people) => [...people, person]);
    this.finder().clear();
  }

  remove(person: Person): void {
    this.people.update((people) => people.filter(({ id }) => id !== person.id));
  }
}
