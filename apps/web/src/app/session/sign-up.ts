import { Component, inject, signal } from '@angular/core';
import { form, FormField, FormRoot, maxLength, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { RouterLink } from '@angular/router';
import { LIMITS } from '@parley/contract';
import { FormCalls } from '../shared/form-calls';
import { Language } from '../shared/language';
import { EntryPage } from './entry-page';
import { PasswordField } from './password-field';
import { passwordProblem } from './password-rule';
import { PhoneField } from './phone-field';
import { PhoneNumbers } from './phone-numbers';
import { phoneRules } from './phone-rules';
import { Session } from './session';

/** The way in for who is new: an account, and signed in to it at once. */
@Component({
  selector: 'parley-sign-up',
  imports: [
    EntryPage,
    FormField,
    FormRoot,
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    PasswordField,
    PhoneField,
    RouterLink,
  ],
  templateUrl: './sign-up.html',
  styleUrl: './entry-form.css',
})
export class SignUpPage {
  readonly #session = inject(Session);
  readonly #calls = inject(FormCalls);
  readonly #numbers = inject(PhoneNumbers);
  readonly words = inject(Language).words;
  readonly failure = signal<string | null>(null);
  #made: string | null = null;

  readonly form = form(
    this.#numbers.atHome({ name: '', phone: '', password: '' }),
    (fields) => {
      const problems = () => this.words().session.problems;
      validate(fields.name, ({ value }) => missing(value().trim(), problems().nameMissing));
      maxLength(fields.name, LIMITS.userNameLength, { message: () => problems().nameTooLong });
      phoneRules(fields, this.words, this.#numbers);
      validate(fields.password, ({ value }) => passwordProblem(value(), problems()));
    },
    { submission: { action: (fields) => this.#calls.make(fields, this.failure, () => this.#signUp()) } },
  );

  /** A second try after a sign-in that failed does not make the account again. */
  async #signUp(): Promise<void> {
    const { name, phone: text, country, password } = this.form().value();
    const phone = this.#numbers.international({ text, country });
    if (this.#made !== phone) await this.#session.signUp({ name, phone, password });
    this.#made = phone;
    await this.#session.signIn({ phone, password });
  }
}

function missing(text: string, message: string) {
  return text === '' ? { kind: 'missing', message } : undefined;
}
