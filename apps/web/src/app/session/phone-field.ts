import { Component, computed, inject, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatError, MatFormField, MatHint, MatLabel, MatPrefix } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { flagOf, PhoneNumbers } from './phone-numbers';

/** A phone number as people type it, and the country that it is of where it does not say so itself. */
@Component({
  selector: 'parley-phone-field',
  imports: [FormField, Icon, MatError, MatFormField, MatHint, MatInput, MatLabel, MatPrefix],
  templateUrl: './phone-field.html',
  styleUrl: './phone-field.css',
})
export class PhoneField {
  readonly #numbers = inject(PhoneNumbers);
  readonly words = inject(Language).words;
  readonly phone = input.required<FieldTree<string>>();
  readonly country = input.required<FieldTree<string>>();
  readonly hint = input<string>();

  readonly countries = this.#numbers.countries;
  readonly flag = computed(() => flagOf(this.country()().value()));
  readonly callingCode = computed(() => {
    const chosen = this.country()().value();
    return this.countries().find(({ code }) => code === chosen)?.callingCode ?? '';
  });

  /** Writes the number as its country does, once it is typed; one with a country code chooses the country. */
  tidy(): void {
    const phone = this.phone()().value;
    const country = this.country()().value;
    const tidied = this.#numbers.tidy({ text: phone(), country: country() });
    phone.set(tidied.text);
    country.set(tidied.country);
  }
}
