import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogContent, MatDialogRef } from '@angular/material/dialog';
import type { Room } from '@parley/contract';
import { FindingState } from '../people/finding-state';
import { MarkedText } from '../people/marked-text';
import { Chat } from '../session/chat';
import { Avatar } from '../shared/avatar';
import { DialogBar } from '../shared/dialog-bar';
import { Language } from '../shared/language';
import { SearchField } from '../shared/search-field';
import { RoomActions } from './room-actions';
import { RoomCatalogue } from './room-catalogue';

/** The rooms that there are: what each is about, how many are in it, and the way in. Its data is what makes a room. */
@Component({
  selector: 'parley-browse-dialog',
  imports: [Avatar, DialogBar, FindingState, MarkedText, MatButton, MatDialogContent, SearchField],
  templateUrl: './browse-dialog.html',
  styleUrls: ['./room-form.css', './browse-dialog.css'],
  providers: [RoomCatalogue],
})
export class BrowseDialog {
  readonly #dialog = inject<MatDialogRef<BrowseDialog>>(MatDialogRef);
  readonly #chat = inject(Chat);
  readonly #actions = inject(RoomActions);
  readonly #makeRoom = inject<() => void>(MAT_DIALOG_DATA);
  readonly catalogue = inject(RoomCatalogue);
  readonly words = inject(Language).words;
  /** Where typing means a keyboard on the screen it would cover the rooms. */
  readonly isTouch = window.matchMedia('(pointer: coarse)').matches;
  /** The id of the room whose door is being opened. */
  readonly joining = signal<string | null>(null);
  readonly #mine = computed(() => new Set(this.#chat.rooms().map(({ room }) => room.id)));
  /** Whether there is nothing to join, whatever one types. */
  readonly isEmpty = computed(() => {
    const { rooms, isLoading, error, typed } = this.catalogue;
    return rooms().length === 0 && !isLoading() && error() === null && typed() === '';
  });
  readonly advice = computed(() => {
    const { none, noneFound } = this.words().rooms.browse;
    return this.catalogue.typed() === '' ? none : noneFound;
  });

  isMine({ id }: Room): boolean {
    return this.#mine().has(id);
  }

  isFull({ user_count, metadata }: Room): boolean {
    return user_count >= metadata.settings.max_participants;
  }

  async open({ id }: Room): Promise<void> {
    this.#dialog.close();
    await this.#actions.show(id);
  }

  async join(room: Room): Promise<void> {
    if (this.joining() !== null) return;
    this.joining.set(room.id);
    const isIn = await this.#actions.join(room.id);
    this.joining.set(null);
    if (isIn) await this.open(room);
  }

  makeOne(): void {
    this.#dialog.afterClosed().subscribe(() => this.#makeRoom());
    this.#dialog.close();
  }
}
