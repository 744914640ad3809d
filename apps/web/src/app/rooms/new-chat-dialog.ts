import { Component, inject, signal } from '@angular/core';
import { MatDialogContent, MatDialogRef } from '@angular/material/dialog';
import type { Person } from '../people/contacts';
import { PersonFinder } from '../people/person-finder';
import { DialogBar } from '../shared/dialog-bar';
import { Language } from '../shared/language';
import { RoomActions } from './room-actions';

/** Opens the private chat with whoever is chosen. */
@Component({
  selector: 'parley-new-chat-dialog',
  imports: [DialogBar, MatDialogContent, PersonFinder],
  templateUrl: './new-chat-dialog.html',
  styleUrl: './room-form.css',
})
export class NewChatDialog {
  readonly #dialog = inject<MatDialogRef<NewChatDialog>>(MatDialogRef);
  readonly #actions = inject(RoomActions);
  readonly words = inject(Language).words;
  readonly isBusy = signal(false);

  async open({ id }: Person): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    const isOpen = await this.#actions.openPrivate({ user: id });
    this.isBusy.set(false);
    if (isOpen) this.#dialog.close();
  }
}
