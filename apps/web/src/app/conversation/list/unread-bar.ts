import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Language } from '../../shared/language';

/** Says that there are new messages above all that is loaded, and what can be done about it. */
@Component({
  selector: 'parley-unread-bar',
  imports: [MatButton],
  templateUrl: './unread-bar.html',
  styleUrl: './unread-bar.css',
})
export class UnreadBar {
  readonly words = inject(Language).words;
  /** Whether the first of them is being looked for. */
  readonly isBusy = input.required<boolean>();
  readonly seek = output();
  readonly markRead = output();
}
