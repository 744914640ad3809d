import { Component, inject, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Language } from '../shared/language';

/** A phone number as people type it. */
@Component({
  selector: 'parley-phone-field',
  imports: [FormField, MatError, MatFormField, MatHint, MatInput, MatLabel],
  templateUrl: './phone-field.html',
})
export class PhoneField {
  readonly field = input.required<FieldTree<string>>();
  readonly hint = input<string>();
  readonly words = inject(Language).words;
}
