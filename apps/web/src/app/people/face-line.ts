import { Component, computed, inject, input } from '@angular/core';
import type { PersonPresence } from '@parley/contract';
import { Avatar } from '../shared/avatar';
import type { IconName } from '../shared/icons';
import { Language } from '../shared/language';
import { Minute } from '../shared/minute';
import { Moments } from '../shared/moments';
import { MarkedText } from './marked-text';
import { presenceText } from './presence-text';

/** A person or a room in a list: its avatar, its name, and below it one detail. */
@Component({
  selector: 'parley-face-line',
  imports: [Avatar, MarkedText],
  templateUrl: './face-line.html',
  styleUrl: './face-line.css',
})
export class FaceLine {
  readonly #words = inject(Language).words;
  readonly #moments = inject(Moments);
  readonly #minute = inject(Minute);
  readonly id = input.required<string>();
  readonly name = input.required<string>();
  readonly icon = input<IconName>();
  readonly detail = input('');
  /** What was searched for: it is marked in the name. */
  readonly query = input('');
  /** How the person is, where it is to be shown. */
  readonly presence = input<PersonPresence>();
  readonly presenceText = computed(() => {
    const presence = this.presence();
    return (
      presence &&
      presence.presence !== 'offline' &&
      presenceText(presence, this.#words(), this.#moments, this.#minute.now())
    );
  });
}
