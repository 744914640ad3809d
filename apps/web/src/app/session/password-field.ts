import { Component, inject, input, signal } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatError, MatFormField, MatHint, MatLabel, MatSuffix } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';

/** A password, hidden until its writer wants to see it. */
@Component({
  selector: 'parley-password-field',
  imports: [FormField, Icon, MatError, MatFormField, MatHint, MatInput, MatLabel, MatSuffix],
  templateUrl: './password-field.html',
})
export class PasswordField {
  readonly field = input.required<FieldTree<string>>();
  /** For password managers: a new one, or the one there is. */
  readonly kind = input.required<'new-password' | 'current-password'>();
  readonly hint = input<string>();
  /** What it is called where there is more than one. */
  readonly label = input<string>();
  readonly words = inject(Language).words;
  readonly isShown = signal(false);

  toggle(): void {
    this.isShown.update((shown) => !shown);
  }
}
