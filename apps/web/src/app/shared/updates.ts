import { inject, Injectable } from '@angular/core';
import { SwUpdate } from '@angular/service-worker';
import { filter, merge } from 'rxjs';
import { Language } from './language';
import { late } from './late';
import { WholePage } from './whole-page';

/** New versions of the client. The service worker fetches them; what is open stays as it is until it is reloaded. */
@Injectable({ providedIn: 'root' })
export class Updates {
  readonly #worker = inject(SwUpdate);
  readonly #words = inject(Language).words;
  readonly #page = inject(WholePage);
  readonly #notes = late(async () => (await import('./notes')).Notes);

  constructor() {
    const { versionUpdates, unrecoverable } = this.#worker;
    const ready$ = versionUpdates.pipe(filter(({ type }) => type === 'VERSION_READY'));
    merge(ready$, unrecoverable).subscribe(() => void this.#offer());
  }

  /** Looks for a new version now. Call it when the server may have been started anew. */
  check(): void {
    // A server that cannot be reached has nothing new.
    if (this.#worker.isEnabled) this.#worker.checkForUpdate().catch(() => {});
  }

  async #offer(): Promise<void> {
    const { newVersion, reload } = this.#words().common;
    if (await (await this.#notes()).offer(newVersion, reload)) this.#page.reload();
  }
}
