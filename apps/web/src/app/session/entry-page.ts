import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { PageHeading } from '../shared/page-heading';
import { Appearance } from './appearance';

/** The frame of the pages that lead in: the name of the place above, a title, and a form as content. */
@Component({
  selector: 'parley-entry-page',
  imports: [Appearance, Icon, PageHeading, RouterLink],
  templateUrl: './entry-page.html',
  styleUrl: './entry-page.css',
})
export class EntryPage {
  readonly title = input.required<string>();
  readonly words = inject(Language).words;
}
