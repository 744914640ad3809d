import { inject, Injectable } from '@angular/core';
import { Dialogs } from '../shared/dialogs';

/** The dialogs that find rooms, make them and fill them. */
@Injectable({ providedIn: 'root' })
export class RoomDialogs {
  readonly #dialogs = inject(Dialogs);

  newChat(): Promise<void> {
    return this.#dialogs.open(async () => (await import('./new-chat-dialog')).NewChatDialog);
  }

  newGroup(): Promise<void> {
    return this.#dialogs.open(async () => (await import('./new-group-dialog')).NewGroupDialog);
  }

  newRoom(): Promise<void> {
    return this.#dialogs.open(async () => (await import('./new-room-dialog')).NewRoomDialog);
  }

  /** The rooms that there are, and the way into each. */
  browse(): Promise<void> {
    return this.#dialogs.open(
      async () => (await import('./browse-dialog')).BrowseDialog,
      () => void this.newRoom(),
    );
  }

  /** @param room the id of the room to which people are added. */
  addPeople(room: string): Promise<void> {
    return this.#dialogs.open(async () => (await import('./add-people-dialog')).AddPeopleDialog, room);
  }
}
