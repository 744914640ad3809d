import { Component, inject, input, linkedSignal, signal } from '@angular/core';
import { form, FormField, FormRoot, maxLength, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';
import { LIMITS } from '@parley/contract';
import { FormCalls } from '../shared/form-calls';
import { Language } from '../shared/language';
import { Session } from './session';

/** Changes the name under which others see one. */
@Component({
  selector: 'parley-name-form',
  imports: [FormField, FormRoot, MatButton, MatError, MatFormField, MatHint, MatInput, MatLabel],
  templateUrl: './name-form.html',
  styleUrl: './entry-form.css',
})
export class NameForm {
  readonly #session = inject(Session);
  readonly #snacks = inject(MatSnackBar);
  readonly #calls = inject(FormCalls);
  readonly words = inject(Language).words;
  /** The name that there is. */
  readonly name = input.required<string>();
  readonly failure = signal<string | null>(null);

  readonly form = form(
    linkedSignal(() => ({ name: this.name() })),
    (fields) => {
      const problems = () => this.words().session.problems;
      validate(fields.name, ({ value }) =>
        value().trim() === '' ? { kind: 'missing', message: problems().nameMissing } : undefined,
      );
      maxLength(fields.name, LIMITS.userNameLength, { message: () => problems().nameTooLong });
    },
    { submission: { action: (fields) => this.#calls.make(fields, this.failure, () => this.#rename()) } },
  );

  async #rename(): Promise<void> {
    this.#session.update(await this.#session.rest.changeMe({ name: this.form().value().name }));
    this.#snacks.open(this.words().session.settings.saved, undefined, { duration: 3_000 });
  }
}
