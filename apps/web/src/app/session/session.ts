import { computed, inject, Injectable } from '@angular/core';
import type { Me, SignedIn, SignIn, SignUp } from '@parley/contract';
import { ParleyError, RestClient } from '@parley/sdk';
import { KeptValues } from '../shared/kept';

/** Why somebody is no longer signed in. */
export type Ending = 'signedOut' | 'revoked' | 'expired';

/** Who is signed in here, or why nobody is; null for a browser that never was. */
type SessionState = ({ status: 'in' } & SignedIn) | { status: 'out'; ending: Ending | null };

const NOBODY: SessionState = { status: 'out', ending: null };

/** Who is signed in in this browser. It outlives a reload, and all tabs agree on it. */
@Injectable({ providedIn: 'root' })
export class Session {
  readonly #values = inject(KeptValues);
  readonly #kept = this.#values.keep<SessionState>('session', toState);
  readonly #signedIn = computed(() => signedInOf(this.#kept.value()));

  /** The person who is signed in. */
  readonly me = computed(() => this.#signedIn()?.user ?? null);
  /** The account's id: unlike `me` it does not change with the name. */
  readonly account = computed(() => this.me()?.id ?? null);
  readonly token = computed(() => this.#signedIn()?.token ?? null);
  /** Why nobody is signed in; null also for somebody who is. */
  readonly ending = computed(() => endingOf(this.#kept.value()));
  /** Every REST call, in the name of whoever is signed in. A refusal of the token ends the session here. */
  readonly rest = new RestClient({ url: '', token: () => this.token(), fetch: (...call) => this.#fetch(...call) });

  /**
   * Signs in, here and in every other tab.
   * @throws ParleyError
   */
  async signIn(body: SignIn): Promise<void> {
    this.#kept.set({ status: 'in', ...(await this.rest.signIn(body)) });
  }

  /**
   * Makes an account; nobody is signed in by that.
   * @throws ParleyError
   */
  async signUp(body: SignUp): Promise<void> {
    await this.rest.signUp(body);
  }

  /** Ends the session, here at once and on the server as soon as it can be told. */
  async signOut(): Promise<void> {
    const token = this.token();
    this.end('signedOut');
    if (token === null) return;
    try {
      await new RestClient({ url: '', token: () => token }).signOut();
    } catch (error) {
      // Unreachable: the session stays in the list of sessions until it expires or somebody ends it there.
      if (!(error instanceof ParleyError)) throw error;
    }
  }

  /** Forgets who is signed in, in every tab, and what this browser keeps for them. Only the first reason counts. */
  end(ending: Ending): void {
    const now = this.#kept.value();
    if (now.status === 'out') return;
    this.#kept.set({ status: 'out', ending: ending === 'revoked' && isPast(now.expires_at) ? 'expired' : ending });
    if (ending === 'signedOut') this.#values.forget(draftsOf(now.user.id));
    // Where the browser opens no database, there is nothing to forget.
    forget(now.user.id, ending).catch(() => {});
  }

  /** Takes the account as the server has just told it. */
  update(user: Me): void {
    const now = this.#kept.value();
    if (now.status !== 'in' || now.user.id !== user.id) return;
    if (JSON.stringify(now.user) !== JSON.stringify(user)) this.#kept.set({ ...now, user });
  }

  async #fetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const response = await fetch(input, init);
    // A wrong password is answered with 401 too, but asked about without a token.
    const asked = new Headers(init?.headers).get('Authorization');
    if (response.status === 401 && asked === `Bearer ${this.token()}`) this.end('revoked');
    return response;
  }
}

/** The name under which an account's drafts are kept. */
export function draftsOf(account: string): string {
  return `drafts.${account}`;
}

/** Who signs out leaves nothing behind. Where the session ended by itself, what was not sent yet waits for the next one. */
async function forget(account: string, ending: Ending): Promise<void> {
  const { AccountDatabase } = await import('./account-database');
  await (ending === 'signedOut' ? AccountDatabase.remove(account) : AccountDatabase.forgetRooms(account));
}

function signedInOf(state: SessionState): SignedIn | null {
  return state.status === 'in' && !isPast(state.expires_at) ? state : null;
}

function endingOf(state: SessionState): Ending | null {
  if (state.status === 'out') return state.ending;
  return isPast(state.expires_at) ? 'expired' : null;
}

function isPast(at: string): boolean {
  return Date.parse(at) <= Date.now();
}

/** What local storage holds can be of another version, or of anybody's making. */
function toState(found: unknown): SessionState {
  if (typeof found !== 'object' || found === null) return NOBODY;
  const { status, token, user, expires_at, ending } = found as Record<string, unknown>;
  if (status === 'in' && typeof token === 'string' && typeof expires_at === 'string' && isMe(user)) {
    return { status, token, user, expires_at };
  }
  return ending === 'revoked' || ending === 'expired' || ending === 'signedOut' ? { status: 'out', ending } : NOBODY;
}

function isMe(found: unknown): found is Me {
  const { id, name } = (found ?? {}) as Partial<Record<keyof Me, unknown>>;
  return typeof id === 'string' && typeof name === 'string';
}
