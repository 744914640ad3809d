import { Component, inject, viewChild } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { openAtOnce } from '../shared/open-at-once';
import { RoomDialogs } from './room-dialogs';

/** The button of `NewMenu` with its menu, open. */
@Component({
  selector: 'parley-new-choices',
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger],
  templateUrl: './new-choices.html',
})
export class NewChoices {
  readonly words = inject(Language).words;
  readonly dialogs = inject(RoomDialogs);
  readonly trigger = viewChild.required(MatMenuTrigger);

  constructor() {
    openAtOnce(this.trigger);
  }
}
