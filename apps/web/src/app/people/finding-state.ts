import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Failures } from '../shared/failures';
import { Language } from '../shared/language';

/** What a search says in the place of results, or below those that it has: it is still searching, found nothing, or failed. */
@Component({
  selector: 'parley-finding-state',
  imports: [MatButton],
  templateUrl: './finding-state.html',
  styleUrl: './finding-state.css',
})
export class FindingState {
  readonly #failures = inject(Failures);
  readonly words = inject(Language).words;
  readonly isBusy = input.required<boolean>();
  readonly error = input.required<unknown>();
  /** How many results are shown. */
  readonly count = input.required<number>();
  /** What to do where nothing was found. */
  readonly advice = input.required<string>();
  readonly retry = output();

  tell(error: unknown): string {
    return this.#failures.tell(error);
  }
}
