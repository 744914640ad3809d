import { Component, computed, inject, signal } from '@angular/core';
import { form, FormField, FormRoot, maxLength, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef } from '@angular/material/dialog';
import { MatError, MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { LIMITS } from '@parley/contract';
import type { Person } from '../people/contacts';
import { PersonPicker } from '../people/person-picker';
import { Chat } from '../session/chat';
import { DialogBar } from '../shared/dialog-bar';
import { FormCalls } from '../shared/form-calls';
import { Language } from '../shared/language';
import { RoomActions } from './room-actions';

/** Makes a group: its name, and who is in it. */
@Component({
  selector: 'parley-new-group-dialog',
  imports: [
    DialogBar,
    FormField,
    FormRoot,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatError,
    MatFormField,
    MatInput,
    MatLabel,
    PersonPicker,
  ],
  templateUrl: './new-group-dialog.html',
  styleUrl: './room-form.css',
})
export class NewGroupDialog {
  readonly #dialog = inject<MatDialogRef<NewGroupDialog>>(MatDialogRef);
  readonly #chat = inject(Chat);
  readonly #actions = inject(RoomActions);
  readonly #calls = inject(FormCalls);
  readonly words = inject(Language).words;
  readonly failure = signal<string | null>(null);
  readonly model = signal<{ name: string; users: readonly Person[] }>({ name: '', users: [] });

  readonly form = form(
    this.model,
    (fields) => {
      const problems = () => this.words().rooms.problems;
      validate(fields.name, ({ value }) =>
        value().trim() ? undefined : { kind: 'missing', message: problems().nameMissing },
      );
      maxLength(fields.name, LIMITS.roomNameLength, { message: () => problems().tooLong(LIMITS.roomNameLength) });
      validate(fields.users, ({ value }) =>
        value().length > 0 ? undefined : { kind: 'nobody', message: this.words().rooms.group.nobody },
      );
    },
    { submission: { action: (fields) => this.#calls.make(fields, this.failure, () => this.#create()) } },
  );
  /** What is wrong with the people; not before somebody has tried. */
  readonly peopleProblem = computed(() => {
    const { touched, errors } = this.form.users();
    return touched() ? errors()[0]?.message : undefined;
  });

  choose(users: readonly Person[]): void {
    this.form.users().value.set(users);
  }

  async #create(): Promise<void> {
    const { name, users } = this.model();
    const room = await this.#chat.send('createGroup', { name: name.trim(), users: users.map(({ id }) => id) });
    this.#dialog.close();
    await this.#actions.show(room.id);
  }
}
