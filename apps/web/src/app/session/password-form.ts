import { Component, inject, input, signal } from '@angular/core';
import { form, FormRoot, required, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import { FormCalls } from '../shared/form-calls';
import { Language } from '../shared/language';
import { PasswordField } from './password-field';
import { passwordProblem } from './password-rule';
import { Session } from './session';

const EMPTY = { current: '', new: '' };

/** Changes the password, which signs out everywhere else. */
@Component({
  selector: 'parley-password-form',
  imports: [FormRoot, MatButton, PasswordField],
  templateUrl: './password-form.html',
  styleUrl: './entry-form.css',
})
export class PasswordForm {
  readonly #session = inject(Session);
  readonly #snacks = inject(MatSnackBar);
  readonly #calls = inject(FormCalls);
  readonly words = inject(Language).words;
  /** The account's number: password managers keep the password under it. */
  readonly phone = input.required<string>();
  readonly failure = signal<string | null>(null);

  readonly form = form(
    signal(EMPTY),
    (fields) => {
      required(fields.current, { message: () => this.words().session.problems.passwordMissing });
      validate(fields.new, ({ value }) => passwordProblem(value(), this.words().session.problems));
    },
    { submission: { action: (fields) => this.#calls.make(fields, this.failure, () => this.#change()) } },
  );

  async #change(): Promise<void> {
    await this.#session.rest.changePassword(this.form().value());
    this.form().reset(EMPTY);
    this.#snacks.open(this.words().session.settings.passwordChanged, undefined, { duration: 5_000 });
  }
}
