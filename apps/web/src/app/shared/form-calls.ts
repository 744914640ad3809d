import { inject, Injectable, type WritableSignal } from '@angular/core';
import type { FieldTree, TreeValidationResult } from '@angular/forms/signals';
import { ParleyError } from '@parley/sdk';
import { Failures } from './failures';
import { Language } from './language';

/** Calls that a form makes when it is submitted. */
@Injectable({ providedIn: 'root' })
export class FormCalls {
  readonly #failures = inject(Failures);
  readonly #words = inject(Language).words;

  /**
   * Makes a call. What the server refuses is told at the fields that it names; any other failure goes into `failure`,
   * which is null otherwise. Give the result to the form: it is what `submission.action` returns.
   */
  async make<T extends object>(
    form: FieldTree<T>,
    failure: WritableSignal<string | null>,
    call: () => Promise<unknown>,
  ): Promise<TreeValidationResult> {
    failure.set(null);
    try {
      await call();
      return undefined;
    } catch (error) {
      const refused = this.#refusedFields(form, error);
      if (refused.length === 0) failure.set(this.#failures.tell(error));
      return refused;
    }
  }

  #refusedFields<T extends object>(form: FieldTree<T>, error: unknown) {
    if (!(error instanceof ParleyError)) return [];
    const fields = form as unknown as Record<string, FieldTree<unknown> | undefined>;
    return Object.entries(error.fields ?? {}).flatMap(([name, sentence]) => {
      const fieldTree = fields[name];
      return fieldTree ? [{ kind: 'refused', message: this.#tell(error, name, sentence), fieldTree }] : [];
    });
  }

  #tell({ code }: ParleyError, name: string, sentence: string): string {
    const { common, errors } = this.#words();
    return code === 'VALIDATION_FAILED' ? common.refusedField(name, sentence) : errors[code];
  }
}
