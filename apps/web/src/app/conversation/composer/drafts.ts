import { computed, inject, Injectable } from '@angular/core';
import type { Id } from '@parley/contract';
import { draftsOf, Session } from '../../session/session';
import { type Kept, KeptValues } from '../../shared/kept';

type Texts = Readonly<Record<Id, string>>;

/** What was begun to be written in each room. It outlives the page, all tabs have the same, and each account its own. */
@Injectable({ providedIn: 'root' })
export class Drafts {
  readonly #session = inject(Session);
  readonly #values = inject(KeptValues);
  readonly #known = new Map<string, Kept<Texts>>();
  readonly #kept = computed(() => this.#of(this.#session.account() ?? ''));

  /** The draft of a room; empty for none. */
  in(room: Id): string {
    return this.#kept().value()[room] ?? '';
  }

  /** Keeps a draft; an empty one is forgotten. */
  keep(room: Id, text: string): void {
    const { [room]: _, ...others } = this.#kept().value();
    this.#kept().set(text === '' ? others : { ...others, [room]: text });
  }

  #of(account: Id): Kept<Texts> {
    const known = this.#known.get(account) ?? this.#values.keep(draftsOf(account), toTexts);
    this.#known.set(account, known);
    return known;
  }
}

function toTexts(found: unknown): Texts {
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, text]) => typeof text === 'string'));
}
