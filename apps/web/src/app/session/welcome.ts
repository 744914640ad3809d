import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import type { IconName } from '../shared/icons';
import { Language } from '../shared/language';
import { Appearance } from './appearance';

/** What this is, and the two ways in. */
@Component({
  selector: 'parley-welcome',
  imports: [Appearance, Avatar, Icon, RouterLink],
  templateUrl: './welcome.html',
  styleUrl: './welcome.css',
})
export class Welcome {
  readonly words = inject(Language).words;
  readonly icons: readonly IconName[] = ['lock', 'bubble', 'group'];
}
