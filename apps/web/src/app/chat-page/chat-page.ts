import { Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map, startWith } from 'rxjs';
import { PeopleSearch } from '../people/people-search';
import { RoomList } from '../rooms/room-list';
import { AccountMenu } from '../session/account-menu';
import { Language } from '../shared/language';

/** Both sides: contacts and rooms, and the chat that is open. A phone shows one of them, as the address says. */
@Component({
  selector: 'parley-chat-page',
  imports: [AccountMenu, PeopleSearch, RoomList, RouterOutlet],
  templateUrl: './chat-page.html',
  styleUrl: './chat-page.css',
  host: { '[class.has-room]': 'open() !== null' },
})
export class ChatPage {
  readonly words = inject(Language).words;
  /** The id of the open room, null without one. */
  readonly open = this.#openRoom();

  #openRoom() {
    const route = inject(ActivatedRoute);
    const ofAddress = () => route.snapshot.firstChild?.paramMap.get('room') ?? null;
    const moves$ = inject(Router).events.pipe(filter((event) => event instanceof NavigationEnd));
    return toSignal(moves$.pipe(startWith(null), map(ofAddress)), { requireSync: true });
  }
}
