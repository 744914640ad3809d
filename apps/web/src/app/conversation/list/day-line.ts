import { Component, computed, inject, input } from '@angular/core';
import type { Timestamp } from '@parley/contract';
import { Moments } from '../../shared/moments';
import { Today } from '../../shared/today';

/** The day of what follows: `Today`, `Yesterday`, or its date. */
@Component({ selector: 'parley-day-line', templateUrl: './day-line.html', styleUrl: './day-line.css' })
export class DayLine {
  readonly #moments = inject(Moments);
  readonly #today = inject(Today).date;
  readonly at = input.required<Timestamp>();
  readonly day = computed(() => this.#moments.day(this.at(), this.#today()));
}
