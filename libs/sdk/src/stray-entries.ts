import type { Id, LogEntry } from '@parley/contract';

const ROOMS_KEPT = 100;
const ENTRIES_KEPT = 100;

/**
 * Entries that came before their room was known: the room's own snapshot can be older than they are, and without them
 * the gap would stay unnoticed until somebody speaks again. Only a few are kept; what is lost here is a gap later.
 */
export class StrayEntries {
  readonly #entries = new Map<Id, readonly LogEntry[]>();

  /** Keeps the newest entries of a room. */
  add(room: Id, entries: readonly LogEntry[]): void {
    const all = [...(this.#entries.get(room) ?? []), ...entries];
    this.#entries.delete(room);
    this.#entries.set(room, all.slice(-ENTRIES_KEPT));
    if (this.#entries.size > ROOMS_KEPT) this.#dropOldest();
  }

  /** Hands over what there is of a room, and forgets it. */
  take(room: Id): readonly LogEntry[] {
    const entries = this.#entries.get(room) ?? [];
    this.#entries.delete(room);
    return entries;
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
