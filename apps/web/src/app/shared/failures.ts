import { inject, Injectable } from '@angular/core';
import { ParleyError } from '@parley/sdk';
import { Language } from './language';

/** Failures in the words of the reader. */
@Injectable({ providedIn: 'root' })
export class Failures {
  readonly #language = inject(Language);

  /** A sentence or two: what happened, and what to do. */
  tell(error: unknown): string {
    const { common, errors } = this.#language.words();
    if (!(error instanceof ParleyError)) return common.somethingFailed;
    if (error.code === 'RATE_LIMITED' && error.retryAfter) return common.tryAgainIn(error.retryAfter);
    // A server can be newer than this page, and know more codes.
    const told = errors[error.code] ?? error.message;
    return error.errorId ? `${told} (${error.errorId})` : told;
  }
}
