import { Component, computed, inject, input, output, signal, viewChild, viewChildren } from '@angular/core';
import type { Page, User } from '@parley/contract';
import { Session } from '../session/session';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { PhoneText } from '../shared/phone-text';
import { asYouType } from './as-you-type';
import { Choice } from './choice';
import { Choices } from './choices';
import { Contacts, type Person } from './contacts';
import { FaceLine } from './face-line';
import { FindingState } from './finding-state';
import { isFound, isNumber } from '../shared/fold';
import { SearchField } from '../shared/search-field';

const MOST_SHOWN = 30;

/** Finds people by name or by their whole number. Until something is typed it offers those whom one talks to. */
@Component({
  selector: 'parley-person-finder',
  imports: [Choice, FaceLine, FindingState, Icon, PhoneText, SearchField],
  templateUrl: './person-finder.html',
  styleUrl: './person-finder.css',
})
export class PersonFinder {
  readonly #contacts = inject(Contacts);
  readonly #rest = inject(Session).rest;
  readonly words = inject(Language).words;
  readonly label = input.required<string>();
  /** The ids of those who are chosen already. Without it, only one can be. */
  readonly chosen = input<readonly string[]>();
  /** The ids of those who are not to be offered. */
  readonly without = input<readonly string[]>([]);
  readonly choose = output<Person>();

  readonly query = signal('');
  readonly typed = computed(() => this.query().trim());
  readonly finding = asYouType(this.typed, (query, signal) => this.#search(query, signal));
  readonly people = computed(() => this.#found().filter(({ id }) => !this.without().includes(id)));
  readonly field = viewChild.required(SearchField);
  readonly options = viewChildren(Choice);
  /** What to do where nobody was found. */
  readonly advice = computed(() => {
    const { nobodyFound, noSuchNumber } = this.words().people;
    return isNumber(this.typed()) ? noSuchNumber : nobodyFound;
  });
  readonly choices = new Choices(this.options, this.typed);

  /** Begins anew, for the next one. */
  clear(): void {
    this.query.set('');
    this.field().focus();
  }

  isChosen({ id }: Person): boolean | undefined {
    return this.chosen()?.includes(id);
  }

  #found(): readonly Person[] {
    const typed = this.typed();
    const contacts = this.#contacts.people();
    if (typed === '') return contacts.slice(0, MOST_SHOWN);
    const latest = this.finding.latest();
    const answered = latest?.found.items ?? [];
    const others = latest?.query === typed ? answered : answered.filter(({ name }) => isFound(name, typed));
    return unique([...contacts.filter(({ name }) => isFound(name, typed)), ...others]).slice(0, MOST_SHOWN);
  }

  #search(query: string, signal: AbortSignal): Promise<Page<User>> {
    return this.#rest.searchUsers(query, { limit: MOST_SHOWN }, { signal });
  }
}

function unique(people: readonly Person[]): Person[] {
  return [...new Map(people.map((person) => [person.id, person])).values()];
}
