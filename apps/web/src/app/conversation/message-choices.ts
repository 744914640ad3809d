import { Component, computed, inject, input, viewChild } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Dialogs } from '../shared/dialogs';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { openAtOnce } from '../shared/open-at-once';
import { REACTIONS } from './emoji/emoji';
import { Copying } from './list/copying';
import type { MessageRow } from './list/rows';
import { Reacting } from './reacting';

/** What can be done with a message: the button for it with its menu, open. */
@Component({
  selector: 'parley-message-choices',
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger],
  templateUrl: './message-choices.html',
  styleUrls: ['./message-choices.css', './more-button.css'],
})
export class MessageChoices {
  readonly #dialogs = inject(Dialogs);
  readonly words = inject(Language).words;
  readonly copying = inject(Copying);
  readonly reacting = inject(Reacting);
  readonly row = input.required<MessageRow>();
  readonly isTabStop = input.required<boolean>();
  readonly trigger = viewChild.required(MatMenuTrigger);

  /** What is offered first, with what one has chosen of it. */
  readonly reactions = computed(() => {
    const own = this.row().reactions.filter((reaction) => this.reacting.isOwn(reaction));
    return REACTIONS.map((emoji) => ({ emoji, isOwn: own.some((reaction) => reaction.emoji === emoji) }));
  });

  constructor() {
    openAtOnce(this.trigger);
  }

  open(): void {
    this.trigger().openMenu();
  }

  reactOtherwise(): Promise<void> {
    return this.#dialogs.open(async () => (await import('./react-dialog')).ReactDialog, this.row());
  }
}
