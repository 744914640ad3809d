import { ErrorHandler, inject, Injectable, signal } from '@angular/core';
import { Language } from './language';
import { WholePage } from './whole-page';

const RELOADED = 'parley.reloaded';
const SHOWN_MS = 8_000;
/** What Chromium, Firefox and Safari say of a script that they cannot import. */
const NOT_IMPORTED = /dynamically imported module|importing a module script failed/i;

/**
 * Parts of the client that are loaded when they are needed, and cannot be: after an update the server has them under
 * other names, and this page does not know those. It is loaded anew then, once for each build, so that it never goes
 * in circles. Without a connection that would not help, and it is told.
 */
@Injectable({ providedIn: 'root' })
export class MissingParts {
  readonly #page = inject(WholePage);
  readonly #words = inject(Language).words;
  readonly #problem = signal<string | null>(null);
  #isBusy = false;

  /** What to tell, for some seconds. A snack bar would be a part that is loaded when it is needed. */
  readonly problem = this.#problem.asReadonly();

  /** Whether an error says that a part could not be loaded. */
  static isMeantBy(error: unknown): boolean {
    return error instanceof TypeError && NOT_IMPORTED.test(error.message);
  }

  /** Gets to the address where a part was missing, or says why that does not work. */
  async recover(url: string): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const isReachable = await isServerThere();
    if (isReachable && this.#isFirstTime()) return this.#page.open(url);
    const { common, errors } = this.#words();
    this.#tell(isReachable ? common.partMissing : errors.NETWORK_FAILED);
    this.#isBusy = false;
  }

  /** Where nothing can be remembered, nothing is tried: it could be the hundredth time. */
  #isFirstTime(): boolean {
    try {
      if (sessionStorage.getItem(RELOADED) === this.#page.build) return false;
      sessionStorage.setItem(RELOADED, this.#page.build);
      return true;
    } catch {
      return false;
    }
  }

  #tell(text: string): void {
    this.#problem.set(text);
    setTimeout(() => this.#problem.set(null), SHOWN_MS);
  }
}

/** What nobody has caught. */
@Injectable()
export class UncaughtErrors extends ErrorHandler {
  readonly #parts = inject(MissingParts);

  override handleError(error: unknown): void {
    if (MissingParts.isMeantBy(error)) void this.#parts.recover(location.href);
    else super.handleError(error);
  }
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
