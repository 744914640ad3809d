import { Component, inject } from '@angular/core';
import { Language } from '../shared/language';

/** Placeholder. */
@Component({ selector: 'parley-settings-page', templateUrl: './settings-page.html' })
export class SettingsPage {
  readonly words = inject(Language).words;
}
