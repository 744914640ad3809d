import {
  afterNextRender,
  Component,
  computed,
  effect,
  type ElementRef,
  inject,
  Injector,
  linkedSignal,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map, startWith } from 'rxjs';
import { LineBar } from '../conversation/line-bar';
import { LostMessages } from '../conversation/lost-messages';
import { ContactSearch } from '../rooms/contact-search';
import { NewMenu } from '../rooms/new-menu';
import { RoomDialogs } from '../rooms/room-dialogs';
import { RoomList } from '../rooms/room-list';
import { RoomNews } from '../rooms/room-news';
import { AccountMenu } from '../session/account-menu';
import { Chat } from '../session/chat';
import { fits, PHONE } from '../shared/fits';
import { Dialogs } from '../shared/dialogs';
import { Language } from '../shared/language';
import { LetterKeys } from './letter-keys';
import { isWritingIn, type Shortcut, shortcutOf } from './shortcuts';

/** Both sides: contacts and rooms, and the chat that is open. A phone shows one of them, as the address says. */
@Component({
  selector: 'parley-chat-page',
  imports: [AccountMenu, ContactSearch, LineBar, NewMenu, RoomList, RouterOutlet],
  templateUrl: './chat-page.html',
  styleUrl: './chat-page.css',
  providers: [LostMessages, RoomNews],
  host: { '[class.has-room]': 'open() !== null', '(document:keydown)': 'onKeydown($event)' },
})
export class ChatPage {
  readonly #router = inject(Router);
  readonly #chat = inject(Chat);
  readonly #dialogs = inject(Dialogs);
  readonly #roomDialogs = inject(RoomDialogs);
  readonly #injector = inject(Injector);
  readonly #letters = inject(LetterKeys).areOn;
  readonly contactSearch = viewChild.required(ContactSearch);
  readonly roomList = viewChild.required(RoomList);
  readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  readonly words = inject(Language).words;
  /** The id of the open room, null without one. */
  readonly open = this.#openRoom();
  /** Whether there is only room for one side. */
  readonly isOneSided = fits(PHONE);
  /** Whether the contacts' side is in the page: on a phone, once it has been looked at. */
  readonly hasContacts = linkedSignal<boolean, boolean>({
    source: () => !this.isOneSided() || this.open() === null,
    computation: (isSeen, before) => isSeen || before?.value === true,
  });
  /** Whether the list says how it stands: it does, where it is seen, as long as there are no rooms. */
  readonly isLineTold = computed(() => !this.#chat.isLoaded() && !(this.isOneSided() && this.open() !== null));

  constructor() {
    inject(RoomNews).follow(this.open);
    inject(LostMessages).follow(this.open);
    let before: string | null = null;
    effect(() => {
      const left = before;
      before = this.open();
      if (before === null && left !== null) this.#focusList(left);
    });
  }

  skipToMain(): void {
    this.main().nativeElement.focus();
  }

  onKeydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || isOverlayOpen()) return;
    const { key, altKey, ctrlKey, metaKey, isComposing, target } = event;
    const press = { key, altKey, ctrlKey, metaKey, isComposing };
    const shortcut = shortcutOf({ ...press, isWriting: isWritingIn(target), areLettersOn: this.#letters() });
    if (!shortcut) return;
    event.preventDefault();
    this.#deeds[shortcut]();
  }

  readonly #deeds: Record<Shortcut, () => void> = {
    search: () => this.focusSearch(),
    previous: () => this.#step(-1),
    next: () => this.#step(1),
    newGroup: () => void this.#roomDialogs.newGroup(),
    help: () => void this.#help(),
    back: () => void this.#back(),
  };

  /** On a phone the search is on the other side. */
  focusSearch(): void {
    const focus = () => this.contactSearch().focus();
    if (this.isOneSided() && this.open() !== null) {
      void this.#router.navigateByUrl('/chat').then(() => afterNextRender(focus, { injector: this.#injector }));
    } else focus();
  }

  #step(by: 1 | -1): void {
    const ids = this.#chat.rooms().map(({ room }) => room.id);
    const at = ids.indexOf(this.open() ?? '');
    const next = at < 0 ? ids.at(by > 0 ? 0 : -1) : ids[at + by];
    if (next !== undefined) void this.#router.navigate(['/chat', next]);
  }

  /** Out of the details, then out of the room. */
  async #back(): Promise<void> {
    if (this.open() === null) return;
    const { queryParamMap } = this.#router.routerState.snapshot.root;
    if (queryParamMap.has('details')) await this.#router.navigate(['/chat', this.open()]);
    else await this.#router.navigateByUrl('/chat');
  }

  #help(): Promise<void> {
    return this.#dialogs.open(async () => (await import('./shortcuts-dialog')).ShortcutsDialog);
  }

  // Where the focus was is gone with the room: it goes on from the room in the list.
  #focusList(left: string): void {
    const isNowhere = () => document.activeElement === document.body;
    const focus = () => isNowhere() && this.roomList().focus(left);
    afterNextRender(() => void focus(), { injector: this.#injector });
  }

  #openRoom() {
    const route = inject(ActivatedRoute);
    const ofAddress = () => route.snapshot.firstChild?.paramMap.get('room') ?? null;
    const moves$ = inject(Router).events.pipe(filter((event) => event instanceof NavigationEnd));
    return toSignal(moves$.pipe(startWith(null), map(ofAddress)), { requireSync: true });
  }
}

/** Whether a dialog or a menu is open: keys belong to it. */
function isOverlayOpen(): boolean {
  return (
    document.querySelector('.cdk-overlay-container :is([role="dialog"], [role="alertdialog"], [role="menu"])') !== null
  );
}
