import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { PageHeading } from '../shared/page-heading';

/** The frame of the pages about oneself: the way back to the chats, a title, and the page as content. */
@Component({
  selector: 'parley-inner-page',
  imports: [Icon, PageHeading, RouterLink],
  templateUrl: './inner-page.html',
  styleUrl: './inner-page.css',
})
export class InnerPage {
  readonly title = input.required<string>();
  readonly words = inject(Language).words;
}
