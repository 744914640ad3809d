import { Component, inject, signal } from '@angular/core';
import { form, FormField, FormRoot, maxLength, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef } from '@angular/material/dialog';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatRadioButton, MatRadioGroup } from '@angular/material/radio';
import { type CreateRoom, LIMITS } from '@parley/contract';
import { Chat } from '../session/chat';
import { DialogBar } from '../shared/dialog-bar';
import { FormCalls } from '../shared/form-calls';
import { Language } from '../shared/language';
import { RoomActions } from './room-actions';

/** A room for one is no room. */
const LEAST_PLACES = 2;

/** Makes a room that has a name of its own: what it is about, who may come in, and how many. */
@Component({
  selector: 'parley-new-room-dialog',
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
    MatHint,
    MatInput,
    MatLabel,
    MatRadioButton,
    MatRadioGroup,
  ],
  templateUrl: './new-room-dialog.html',
  styleUrl: './room-form.css',
})
export class NewRoomDialog {
  readonly #dialog = inject<MatDialogRef<NewRoomDialog>>(MatDialogRef);
  readonly #chat = inject(Chat);
  readonly #actions = inject(RoomActions);
  readonly #calls = inject(FormCalls);
  readonly words = inject(Language).words;
  readonly failure = signal<string | null>(null);
  readonly model = signal({
    name: '',
    description: '',
    visibility: 'public',
    places: String(LIMITS.defaultParticipants),
  });
  readonly longestDescription = LIMITS.descriptionLength;

  readonly form = form(
    this.model,
    (fields) => {
      const problems = () => this.words().rooms.problems;
      validate(fields.name, ({ value }) =>
        value().trim() ? undefined : { kind: 'missing', message: problems().nameMissing },
      );
      maxLength(fields.name, LIMITS.roomNameLength, { message: () => problems().tooLong(LIMITS.roomNameLength) });
      maxLength(fields.description, LIMITS.descriptionLength, {
        message: () => problems().tooLong(LIMITS.descriptionLength),
      });
      validate(fields.places, ({ value }) =>
        isPlaces(value())
          ? undefined
          : { kind: 'places', message: problems().places(LEAST_PLACES, LIMITS.maxParticipants) },
      );
    },
    { submission: { action: (fields) => this.#calls.make(fields, this.failure, () => this.#create()) } },
  );

  async #create(): Promise<void> {
    const room = await this.#chat.send('createRoom', this.#wanted());
    this.#dialog.close();
    await this.#actions.show(room.id);
  }

  #wanted(): CreateRoom {
    const { name, description, visibility, places } = this.model();
    const settings = { is_private: visibility === 'private', max_participants: Number(places) };
    return { name: name.trim(), metadata: { description: description.trim(), settings } };
  }
}

function isPlaces(text: string): boolean {
  const places = Number(text);
  return Number.isInteger(places) && places >= LEAST_PLACES && places <= LIMITS.maxParticipants;
}
