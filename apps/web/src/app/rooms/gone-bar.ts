import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import { shortName } from '../people/short-name';
import { Language } from '../shared/language';
import { RoomActions } from './room-actions';
import { roomTitle } from './room-title';

/** Stands where one would write, in a room that oneself or the only other person has left: why, and where to go. */
@Component({
  selector: 'parley-gone-bar',
  imports: [MatButton, RouterLink],
  templateUrl: './gone-bar.html',
  styleUrl: './gone-bar.css',
})
export class GoneBar {
  readonly #actions = inject(RoomActions);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly isBusy = signal(false);
  readonly reason = computed(() => {
    const { gone } = this.words().rooms;
    const [other] = otherPerson(this.state());
    if (this.state().gone === null) return gone.otherLeft(other ? shortName(other.name) : roomTitle(this.state()));
    if (this.state().gone !== 'deleted') return gone.left;
    const { last } = this.state().room;
    return last?.type === 'system' && last.event === 'delete'
      ? gone.deletedBy(shortName(last.user.name))
      : gone.deleted;
  });
  /** The way back in, where there is one. */
  readonly way = computed<'reopen' | 'rejoin' | null>(() => {
    const { gone, room } = this.state();
    if (gone === 'deleted') return null;
    if (room.kind === 'private') return otherPerson(this.state()).length > 0 ? 'reopen' : null;
    return room.metadata.settings.is_private ? null : 'rejoin';
  });

  async goBackIn(): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    const [other] = otherPerson(this.state());
    await (other ? this.#actions.openPrivate({ user: other.id }) : this.#actions.join(this.state().room.id));
    this.isBusy.set(false);
  }
}
