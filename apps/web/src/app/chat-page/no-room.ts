import { Component, inject } from '@angular/core';
import { Language } from '../shared/language';
import { Notice } from '../shared/notice';

/** The chat side while no chat is open. */
@Component({
  selector: 'parley-no-room',
  imports: [Notice],
  templateUrl: './no-room.html',
  styleUrl: './no-room.css',
})
export class NoRoom {
  readonly words = inject(Language).words;
}
