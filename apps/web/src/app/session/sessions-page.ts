import { Component, inject } from '@angular/core';
import { Language } from '../shared/language';

/** Placeholder. */
@Component({ selector: 'parley-sessions-page', templateUrl: './sessions-page.html' })
export class SessionsPage {
  readonly words = inject(Language).words;
}
