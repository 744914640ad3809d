import { inject, Injectable } from '@angular/core';
import { KeptValues } from '../shared/kept';

/** Whether shortcuts of one letter are wanted: yes, until somebody turns them off in this browser. */
@Injectable({ providedIn: 'root' })
export class LetterKeys {
  readonly #kept = inject(KeptValues).keep('letters', (found) => found !== false);
  readonly areOn = this.#kept.value;

  turn(on: boolean): void {
    this.#kept.set(on);
  }
}
