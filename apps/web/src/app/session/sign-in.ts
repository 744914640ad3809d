import { Component, inject, signal } from '@angular/core';
import { form, FormRoot, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { FormCalls } from '../shared/form-calls';
import { Language } from '../shared/language';
import { EntryPage } from './entry-page';
import { PasswordField } from './password-field';
import { PhoneField } from './phone-field';
import { PhoneNumbers } from './phone-numbers';
import { phoneRules } from './phone-rules';
import { Session } from './session';

/** The way in for who has an account. The guard goes on from here as soon as somebody is signed in. */
@Component({
  selector: 'parley-sign-in',
  imports: [EntryPage, FormRoot, MatButton, PasswordField, PhoneField, RouterLink],
  templateUrl: './sign-in.html',
  styleUrl: './entry-form.css',
})
export class SignInPage {
  readonly #session = inject(Session);
  readonly #calls = inject(FormCalls);
  readonly #numbers = inject(PhoneNumbers);
  readonly words = inject(Language).words;
  readonly ending = this.#session.ending;
  readonly failure = signal<string | null>(null);

  readonly form = form(
    this.#numbers.atHome({ phone: '', password: '' }),
    (fields) => {
      phoneRules(fields, this.words, this.#numbers);
      required(fields.password, { message: () => this.words().session.problems.passwordMissing });
    },
    { submission: { action: (fields) => this.#calls.make(fields, this.failure, () => this.#signIn()) } },
  );

  #signIn(): Promise<void> {
    const { phone, country, password } = this.form().value();
    return this.#session.signIn({ phone: this.#numbers.international({ text: phone, country }), password });
  }
}
