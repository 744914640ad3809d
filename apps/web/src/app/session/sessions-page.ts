import { Component, computed, inject, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { Session as Entry } from '@parley/contract';
import { everyItem, ParleyError, type RestClient } from '@parley/sdk';
import { Confirm } from '../shared/confirm';
import { Failures } from '../shared/failures';
import { Language } from '../shared/language';
import { Notice } from '../shared/notice';
import { Chat } from './chat';
import { InnerPage } from './inner-page';
import { Session } from './session';
import { SessionCard } from './session-card';

/** Where one is signed in, and the ways to end that. */
@Component({
  selector: 'parley-sessions-page',
  imports: [InnerPage, MatButton, Notice, SessionCard],
  templateUrl: './sessions-page.html',
  styleUrl: './sessions-page.css',
})
export class SessionsPage {
  readonly #rest = inject(Session).rest;
  readonly #confirm = inject(Confirm);
  readonly #snacks = inject(MatSnackBar);
  readonly #failures = inject(Failures);
  readonly words = inject(Language).words;

  readonly sessions = resource({ loader: () => allSessions(this.#rest) });
  readonly current = computed(() => this.#list().find(({ current }) => current));
  readonly others = computed(() => this.#list().filter(({ current }) => !current));
  readonly failure = computed(() => this.#failures.tell(this.sessions.error()));
  /** Whether sessions are being ended. */
  readonly isBusy = signal(false);

  constructor() {
    // The line tells at once when this very session is ended elsewhere.
    inject(Chat);
  }

  async end(session: Entry, device: string): Promise<void> {
    const { endTitle, endText, endConfirm } = this.words().session.sessions;
    const agreed = await this.#confirm.ask({ title: endTitle, text: endText(device), confirm: endConfirm });
    if (agreed) await this.#revoke([session]);
  }

  async endOthers(): Promise<void> {
    const { endOthersTitle, endOthersText, endOthers } = this.words().session.sessions;
    const others = this.others();
    const text = endOthersText(others.length);
    const agreed = await this.#confirm.ask({ title: endOthersTitle, text, confirm: endOthers });
    if (agreed) await this.#revoke(others);
  }

  async #revoke(sessions: readonly Entry[]): Promise<void> {
    this.isBusy.set(true);
    try {
      for (const { id } of sessions) await revoke(this.#rest, id);
      this.#snacks.open(this.words().session.sessions.ended(sessions.length), undefined, { duration: 4_000 });
    } catch (error) {
      this.#snacks.open(this.#failures.tell(error), this.words().common.close);
    } finally {
      this.isBusy.set(false);
      this.sessions.reload();
    }
  }

  #list(): readonly Entry[] {
    return this.sessions.hasValue() ? this.sessions.value() : [];
  }
}

/** The latest one first. */
async function allSessions(rest: RestClient): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const session of everyItem((range) => rest.sessions(range))) all.push(session);
  return all.sort((a, b) => (a.last_seen_at < b.last_seen_at ? 1 : -1));
}

async function revoke(rest: RestClient, id: string): Promise<void> {
  try {
    await rest.revokeSession(id);
  } catch (error) {
    // Somebody was faster: it has ended, which is what was asked for.
    if (!(error instanceof ParleyError) || error.code !== 'SESSION_NOT_FOUND') throw error;
  }
}
