import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogRef,
} from '@angular/material/dialog';
import type { Person } from '../people/contacts';
import { PersonPicker } from '../people/person-picker';
import { Chat } from '../session/chat';
import { DialogBar } from '../shared/dialog-bar';
import { Failures } from '../shared/failures';
import { Language } from '../shared/language';
import { Notes } from '../shared/notes';

/** Adds people to a room, whose id is the dialog's data. */
@Component({
  selector: 'parley-add-people-dialog',
  imports: [DialogBar, MatButton, MatDialogActions, MatDialogClose, MatDialogContent, PersonPicker],
  templateUrl: './add-people-dialog.html',
  styleUrl: './room-form.css',
})
export class AddPeopleDialog {
  readonly #room = inject<string>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<AddPeopleDialog>>(MatDialogRef);
  readonly #chat = inject(Chat);
  readonly #failures = inject(Failures);
  readonly #notes = inject(Notes);
  readonly words = inject(Language).words;
  readonly people = signal<readonly Person[]>([]);
  readonly isBusy = signal(false);
  readonly failure = signal<string | null>(null);
  /** Of those who are members already, the ones that this page knows; adding others again changes nothing. */
  readonly members = computed(() => {
    const state = this.#chat.rooms().find(({ room }) => room.id === this.#room);
    return state?.room.users.map(({ id }) => id) ?? [];
  });

  async add(): Promise<void> {
    if (this.isBusy() || this.people().length === 0) return;
    this.isBusy.set(true);
    this.failure.set(null);
    try {
      const users = this.people().map(({ id }) => id);
      await this.#chat.send('addMembers', { room: this.#room, users });
      this.#notes.tell(this.words().rooms.add.done(users.length));
      this.#dialog.close();
    } catch (error) {
      this.failure.set(this.#failures.tell(error));
    }
    this.isBusy.set(false);
  }
}
