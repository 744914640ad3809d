import { Component, inject, input, viewChild } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { openAtOnce } from '../shared/open-at-once';
import { Copying } from './list/copying';

/** What can be done with a message: the button for it with its menu, open. */
@Component({
  selector: 'parley-message-choices',
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger],
  templateUrl: './message-choices.html',
  styleUrl: './more-button.css',
})
export class MessageChoices {
  readonly words = inject(Language).words;
  readonly copying = inject(Copying);
  readonly text = input.required<string>();
  readonly isTabStop = input.required<boolean>();
  readonly trigger = viewChild.required(MatMenuTrigger);

  constructor() {
    openAtOnce(this.trigger);
  }
}
