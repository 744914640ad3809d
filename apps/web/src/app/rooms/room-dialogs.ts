import type { ComponentType } from '@angular/cdk/overlay';
import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { fullOnPhones } from '../shared/dialog-size';

/** The dialogs that make rooms and fill them. Each is loaded when it is first wanted; only one is open at a time. */
@Injectable({ providedIn: 'root' })
export class RoomDialogs {
  readonly #dialog = inject(MatDialog);

  newChat(): Promise<void> {
    return this.#open(async () => (await import('./new-chat-dialog')).NewChatDialog);
  }

  newGroup(): Promise<void> {
    return this.#open(async () => (await import('./new-group-dialog')).NewGroupDialog);
  }

  newRoom(): Promise<void> {
    return this.#open(async () => (await import('./new-room-dialog')).NewRoomDialog);
  }

  /** @param room the id of the room to which people are added. */
  addPeople(room: string): Promise<void> {
    return this.#open(async () => (await import('./add-people-dialog')).AddPeopleDialog, room);
  }

  async #open(load: () => Promise<ComponentType<unknown>>, data?: string): Promise<void> {
    const dialog = await load();
    if (this.#dialog.openDialogs.length === 0) this.#dialog.open(dialog, fullOnPhones({ data }));
  }
}
