import { Component, inject } from '@angular/core';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';

/** Search as you type. */
@Component({
  selector: 'parley-people-search',
  imports: [Icon],
  templateUrl: './people-search.html',
  styleUrl: './people-search.css',
})
export class PeopleSearch {
  readonly words = inject(Language).words;
}
