import { Component, input } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icons';

/** What stands in the place of something that is empty, missing or failed: an icon, a title, a sentence, and, as content, what to do. */
@Component({
  selector: 'parley-notice',
  imports: [Icon],
  templateUrl: './notice.html',
  styleUrl: './notice.css',
})
export class Notice {
  readonly icon = input.required<IconName>();
  readonly title = input.required<string>();
  readonly text = input<string>();
  /** The level of its heading: 1 where it is all that the page has. */
  readonly level = input<1 | 2>(2);
}
