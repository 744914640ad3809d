import { Component, effect, inject, untracked } from '@angular/core';
import { Router, RouterOutlet } from '@angular/router';
import { Session } from './session/session';
import { MissingParts } from './shared/missing-parts';
import { Theme } from './shared/theme';
import { Updates } from './shared/updates';

/** The whole page: what the address says, for whoever is signed in. */
@Component({
  selector: 'parley-root',
  imports: [RouterOutlet],
  templateUrl: './app.html',
  styleUrl: './app.css',
})
export class App {
  readonly #router = inject(Router);
  readonly problem = inject(MissingParts).problem;
  #account = inject(Session).account();

  constructor() {
    inject(Theme);
    inject(Updates);
    const { account } = inject(Session);
    effect(() => this.#changeTo(account()));
  }

  /** Somebody has signed in or out, perhaps in another tab: the guards say where this page belongs now. */
  #changeTo(account: string | null): void {
    if (account === this.#account) return;
    this.#account = account;
    untracked(() => void this.#router.navigateByUrl(this.#router.url, { onSameUrlNavigation: 'reload' }));
  }
}
