import { Component, computed, input } from '@angular/core';
import { ICONS, type IconName } from './icons';

/** An icon in the colour and, with `1.5em`, the size of the text around it. Whoever stands beside it says what it means. */
@Component({
  selector: 'parley-icon',
  templateUrl: './icon.html',
  styleUrl: './icon.css',
  host: { 'aria-hidden': 'true' },
})
export class Icon {
  readonly name = input.required<IconName>();
  readonly outline = computed(() => ICONS[this.name()]);
}
