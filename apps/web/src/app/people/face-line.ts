import { Component, input } from '@angular/core';
import { Avatar } from '../shared/avatar';
import type { IconName } from '../shared/icons';
import { MarkedText } from './marked-text';

/** A person or a room in a list: its avatar, its name, and below it one detail. */
@Component({
  selector: 'parley-face-line',
  imports: [Avatar, MarkedText],
  templateUrl: './face-line.html',
  styleUrl: './face-line.css',
})
export class FaceLine {
  readonly id = input.required<string>();
  readonly name = input.required<string>();
  readonly icon = input<IconName>();
  readonly detail = input('');
  /** What was searched for: it is marked in the name. */
  readonly query = input('');
}
