import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { RoomState } from '@parley/sdk';
import { Failures } from '../../shared/failures';
import { Language } from '../../shared/language';
import { Moments } from '../../shared/moments';
import { Notice } from '../../shared/notice';
import { ListSkeleton } from './list-skeleton';

/** Above the oldest row: that there is more, that it could not be had, or that there is nothing before it. */
@Component({
  selector: 'parley-list-start',
  imports: [ListSkeleton, MatButton, Notice],
  templateUrl: './list-start.html',
  styleUrl: './list-start.css',
  host: { '[class.silent]': 'isEmpty()' },
})
export class ListStart {
  readonly #moments = inject(Moments);
  readonly #failures = inject(Failures);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly failure = input.required<unknown>();
  readonly retry = output();
  readonly reason = computed(() => this.#failures.tell(this.failure()));
  readonly isEmpty = computed(() => isSilent(this.state()));
  readonly beginning = computed(() =>
    this.words().conversation.beginning(this.#moments.date(this.state().room.created_at)),
  );
}

/** Whether nobody has said anything. Rooms begin with people who join: a few looks are enough. */
function isSilent({ entries, pending, hasOlder }: RoomState): boolean {
  return !hasOlder && pending.length === 0 && !entries.some(({ type }) => type === 'message');
}
