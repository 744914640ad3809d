import { Component, computed, inject, signal, viewChild, viewChildren } from '@angular/core';
import { asYouType } from '../people/as-you-type';
import { Choice } from '../people/choice';
import { Choices } from '../people/choices';
import type { Person } from '../people/contacts';
import { FaceLine } from '../people/face-line';
import { FindingState } from '../people/finding-state';
import { isNumber } from '../shared/fold';
import { SearchField } from '../shared/search-field';
import { Chat } from '../session/chat';
import { Session } from '../session/session';
import { Language } from '../shared/language';
import { PhoneText } from '../shared/phone-text';
import { type Answer, resultsOf } from './contact-results';
import { RoomActions } from './room-actions';
import { roomFace, roomIcon, roomKind } from './room-title';

const MOST = 20;

/** Search as you type over people and rooms. One's own rooms are there at once, the server's answer joins them. */
@Component({
  selector: 'parley-contact-search',
  imports: [Choice, FaceLine, FindingState, PhoneText, SearchField],
  templateUrl: './contact-search.html',
  styleUrl: './contact-search.css',
  host: { role: 'search' },
})
export class ContactSearch {
  readonly #rooms = inject(Chat).rooms;
  readonly #rest = inject(Session).rest;
  readonly #actions = inject(RoomActions);
  readonly field = viewChild.required(SearchField);
  readonly words = inject(Language).words;
  readonly query = signal('');
  readonly typed = computed(() => this.query().trim());
  /** Whether results stand in the place of the list of rooms. */
  readonly isOpen = computed(() => this.typed() !== '');
  readonly finding = asYouType(this.typed, (query, signal) => this.#search(query, signal));
  readonly results = computed(() => resultsOf(this.typed(), this.#rooms(), this.finding.latest()));
  readonly count = computed(
    () => this.results().mine.length + this.results().people.length + this.results().open.length,
  );
  readonly options = viewChildren(Choice);
  /** What to do where nothing was found. */
  readonly advice = computed(() => {
    const { nothingFound, noSuchNumber } = this.words().people;
    return isNumber(this.typed()) ? noSuchNumber : nothingFound;
  });
  readonly choices = new Choices(this.options, this.typed);
  readonly face = roomFace;
  readonly icon = roomIcon;
  readonly kind = roomKind;

  focus(): void {
    this.field().focus();
  }

  show(room: string): void {
    this.query.set('');
    void this.#actions.show(room);
  }

  async talkTo({ id }: Person): Promise<void> {
    if (await this.#actions.openPrivate({ user: id })) this.query.set('');
  }

  async #search(query: string, signal: AbortSignal): Promise<Answer> {
    const [people, rooms] = await Promise.all([
      this.#rest.searchUsers(query, { limit: MOST }, { signal }),
      this.#rest.searchRooms(query, { limit: MOST }, { signal }),
    ]);
    return { people: people.items, rooms: rooms.items };
  }
}
