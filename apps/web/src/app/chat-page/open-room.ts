import { Location } from '@angular/common';
import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  inject,
  Injector,
  input,
  PendingTasks,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { Composer } from '../conversation/composer';
import { MessageList } from '../conversation/message-list';
import { isAbandoned } from '../people/contacts';
import { GoneBar } from '../rooms/gone-bar';
import { RoomDetails } from '../rooms/room-details';
import { RoomDoor } from '../rooms/room-door';
import { RoomHeader } from '../rooms/room-header';
import { roomTitle } from '../rooms/room-title';
import { Chat } from '../session/chat';
import { fits } from '../shared/fits';
import { Language } from '../shared/language';
import { PageTitle } from '../shared/page-title';

/** The chat side with an open room: who it is with, what was said, what to say; and, where wanted, its details. */
@Component({
  selector: 'parley-open-room',
  imports: [Composer, GoneBar, MessageList, RoomDetails, RoomDoor, RoomHeader],
  templateUrl: './open-room.html',
  styleUrl: './open-room.css',
  host: { '[class.has-details]': 'showsDetails()' },
})
export class OpenRoom {
  readonly #chat = inject(Chat);
  readonly #router = inject(Router);
  readonly #location = inject(Location);
  readonly #injector = inject(Injector);
  readonly header = viewChild(RoomHeader);
  readonly panel = viewChild(RoomDetails);
  readonly composer = viewChild(Composer);
  readonly list = viewChild(MessageList);
  readonly words = inject(Language).words;
  readonly isAbandoned = isAbandoned;
  /** The room's id, from the address. */
  readonly room = input.required<string>();
  /** From the address too: it is there, with whatever value, while the details are shown. */
  readonly details = input<string>();
  readonly state = this.#chat.watch(this.room);
  /** None or one: another room is shown by other components, that begin anew. */
  readonly shown = computed(() => [this.state() ?? []].flat());
  readonly title = computed(() => {
    const state = this.state();
    return state ? roomTitle(state) : null;
  });
  readonly #shownId = computed(() => this.state()?.room.id);
  readonly showsDetails = computed(() => this.details() !== undefined && this.state() !== undefined);
  /** Whether it is certain that there is no such room among this person's. */
  readonly isUnknown = computed(() => !this.state() && this.#chat.state().status === 'online');

  /** Whether the details, where they are shown, leave no room for the conversation. */
  readonly isCovered = fits('(width < 1100px)');

  constructor() {
    const title = inject(PageTitle);
    effect(() => title.showName(this.title()));
    inject(DestroyRef).onDestroy(() => title.showName(null));
    effect(() => this.#shownId() && this.#afterRender(() => this.#focusRoom()));
    this.#saysWhenShown();
    effect(() => {
      if (!this.showsDetails()) return;
      this.#afterRender(() => this.panel()?.focus());
    });
  }

  /** Back to the list. Where one came from there, the browser's own back leads further back. */
  goBack(): void {
    const { previousNavigation } = this.#router.lastSuccessfulNavigation() ?? {};
    if (previousNavigation?.finalUrl?.toString() === '/chat') this.#location.back();
    else void this.#router.navigateByUrl('/chat', { replaceUrl: true });
  }

  async toggleDetails(): Promise<void> {
    const wasShown = this.showsDetails();
    const queryParams = wasShown ? {} : { details: '' };
    await this.#router.navigate(['/chat', this.room()], { queryParams });
    if (wasShown) this.header()?.focusDetails();
  }

  /** The page stands still when the room is there: what can wait, as the service worker does, waits for that. */
  #saysWhenShown(): void {
    const shown = inject(PendingTasks).add();
    effect(() => (this.isUnknown() || this.list()?.isSettled()) && shown());
    inject(DestroyRef).onDestroy(shown);
  }

  /** Where there is a keyboard one can write at once. On a touch screen that would bring up a keyboard that nobody asked for. */
  #focusRoom(): void {
    const composer = matchMedia('(pointer: coarse)').matches ? undefined : this.composer();
    if (composer) composer.field().nativeElement.focus();
    else this.header()?.focusTitle();
  }

  #afterRender(action: () => void): void {
    afterNextRender(action, { injector: this.#injector });
  }
}
