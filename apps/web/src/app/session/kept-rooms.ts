import { trimEntries, type RoomState } from '@parley/sdk';
import type { AccountDatabase } from './account-database';

/** As many rooms as are kept, the latest ones; and entries of each. */
const ROOMS_KEPT = 100;
const ENTRIES_KEPT = 30;

/** Writes the rooms last seen into the account's database, so that the next start can show them without a connection. */
export class KeptRooms {
  readonly #database: AccountDatabase;
  #kept = new Map<string, RoomState>();

  constructor(database: AccountDatabase) {
    this.#database = database;
  }

  /** What an earlier start has kept; nothing where the browser keeps nothing. */
  async load(): Promise<readonly RoomState[]> {
    const states = await this.#database.rooms().catch(() => []);
    this.#kept = new Map(states.map((state) => [state.room.id, state]));
    return states;
  }

  /** Keeps the latest rooms as they are; writes those only that have changed since the last time. */
  async save(rooms: readonly RoomState[]): Promise<void> {
    const latest = new Map(rooms.slice(0, ROOMS_KEPT).map((state) => [state.room.id, state]));
    const changed = [...latest.values()].filter((state) => this.#kept.get(state.room.id) !== state);
    const forgotten = [...this.#kept.keys()].filter((id) => !latest.has(id));
    if (changed.length + forgotten.length > 0) await this.#database.changeRooms(changed.map(atRest), forgotten);
    this.#kept = latest;
  }
}

/** The state without what belongs to this life of the client: the outbox has its own storage. */
function atRest(state: RoomState): RoomState {
  return { ...trimEntries(state, ENTRIES_KEPT), pending: [], held: [] };
}
