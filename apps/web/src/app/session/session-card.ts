import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Session } from '@parley/contract';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Moments } from '../shared/moments';
import { deviceOf } from './device';

/** One place where somebody is signed in. */
@Component({
  selector: 'parley-session-card',
  imports: [Icon, MatButton],
  templateUrl: './session-card.html',
  styleUrl: './session-card.css',
})
export class SessionCard {
  readonly words = inject(Language).words;
  readonly moments = inject(Moments);
  readonly session = input.required<Session>();
  readonly isBusy = input(false);
  /** The person wants to end it; with the device as it is called here. */
  readonly end = output<string>();

  readonly device = computed(() => deviceOf(this.session().device));
  readonly name = computed(() => {
    const { browser, system } = this.device();
    const { device, unknownDevice } = this.words().session.sessions;
    if (browser && system) return device(browser, system);
    return browser ?? system ?? (this.session().device || unknownDevice);
  });
}
