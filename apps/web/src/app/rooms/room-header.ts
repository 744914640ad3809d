import { Component, computed, type ElementRef, inject, input, output, viewChild } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { roomFace, roomKind } from './room-title';

/** The bar above a conversation: which room it is, and its details; on a phone, the way back. */
@Component({
  selector: 'parley-room-header',
  imports: [Avatar, Icon],
  templateUrl: './room-header.html',
  styleUrl: './room-header.css',
})
export class RoomHeader {
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  /** Whether the details are shown. */
  readonly isDetailed = input.required<boolean>();
  readonly back = output();
  readonly details = output();
  readonly face = computed(() => roomFace(this.state()));
  /** What it is, and how many are in it. */
  readonly line = computed(() => {
    const { kinds, members } = this.words().rooms;
    const { room } = this.state();
    return room.kind === 'private' ? kinds.private : `${kinds[roomKind(room)]} · ${members(room.user_count)}`;
  });
  readonly heading = viewChild.required<ElementRef<HTMLElement>>('title');
  readonly detailsButton = viewChild.required<ElementRef<HTMLElement>>('button');

  /** So that a screen reader says where one is. */
  focusTitle(): void {
    this.heading().nativeElement.focus();
  }

  focusDetails(): void {
    this.detailsButton().nativeElement.focus();
  }
}
