import { afterRenderEffect, Component, computed, type ElementRef, inject, input, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import { presenceText } from '../people/presence-text';
import { Chat } from '../session/chat';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Minute } from '../shared/minute';
import { Moments } from '../shared/moments';
import { Today } from '../shared/today';
import { roomPreview } from './room-preview';
import { roomFace } from './room-title';
import { TypingLine } from './typing-line';

/** A room in the list: who or what it is, when something last happened, what that was, and how much is unread. */
@Component({
  selector: 'parley-room-row',
  imports: [Avatar, Icon, RouterLink, TypingLine],
  templateUrl: './room-row.html',
  styleUrl: './room-row.css',
})
export class RoomRow {
  readonly #moments = inject(Moments);
  readonly #today = inject(Today).date;
  readonly #minute = inject(Minute);
  readonly #chat = inject(Chat);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly isOpen = input.required<boolean>();
  /** Whether Tab stops here; arrows go to the others. */
  readonly isTabStop = input.required<boolean>();

  /** Whether it is to have the focus, as soon as it is there. */
  readonly takesFocus = input(false);
  readonly link = viewChild.required<ElementRef<HTMLElement>>('link');

  readonly face = computed(() => roomFace(this.state()));
  readonly preview = computed(() => roomPreview(this.state(), this.words()));
  readonly at = computed(() => this.state().room.last?.at ?? this.state().room.created_at);
  readonly time = computed(() => this.#moments.short(this.at(), this.#today()));
  readonly fullTime = computed(() => this.#moments.full(this.at()));
  readonly presence = this.#chat.presence(computed(() => otherPerson(this.state())[0]?.id));
  /** For those who do not see the sign on the face; who is not there has none. */
  readonly presenceText = computed(() => {
    const presence = this.presence();
    return (
      presence &&
      presence.presence !== 'offline' &&
      presenceText(presence, this.words(), this.#moments, this.#minute.now())
    );
  });
  readonly typists = this.#chat.typists(computed(() => this.state().room.id));
  readonly unread = computed(() => this.state().room.unread);

  constructor() {
    afterRenderEffect(() => {
      if (this.takesFocus()) this.link().nativeElement.focus({ preventScroll: true });
    });
  }
}
