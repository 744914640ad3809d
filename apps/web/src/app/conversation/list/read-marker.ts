import { inject, Injectable, type Signal } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import type { MarkRead } from '@parley/contract';
import { asyncScheduler, filter, throttleTime } from 'rxjs';
import { Chat } from '../../session/chat';

/** How often the server is told what has been read, at most; in milliseconds. */
const TELL_EVERY_MS = 1_000;

/** Tells the server what has been read: at once, and while more comes, no more often than it takes to be up to date. */
@Injectable()
export class ReadMarker {
  readonly #chat = inject(Chat);

  /** @param read what has been read to its end just now; null for nothing. Call it where `inject` works. */
  follow(read: Signal<MarkRead | null>): void {
    toObservable(read)
      .pipe(
        filter((mark) => mark !== null),
        // Before the pause: the last of it is told also when the room has been left.
        takeUntilDestroyed(),
        throttleTime(TELL_EVERY_MS, asyncScheduler, { leading: true, trailing: true }),
      )
      .subscribe((mark) => this.tell(mark));
  }

  /** Tells the server now. */
  tell({ room, seq }: MarkRead): void {
    // What cannot be told now is told with what is read next.
    this.#chat.markRead(room, seq).catch(() => {});
  }
}
