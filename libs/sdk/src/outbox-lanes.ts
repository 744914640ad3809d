import type { Id, PostMessage } from '@parley/contract';
import { OutboxLane, type LaneOptions } from './outbox-lane';

/** The queues of an outbox, one for each room that something waits for. None goes out before `open`. */
export class OutboxLanes {
  readonly #optionsOf: () => LaneOptions;
  readonly #lanes = new Map<Id, OutboxLane>();
  #open = false;

  /** @param optionsOf what a new lane stands on. */
  constructor(optionsOf: () => LaneOptions) {
    this.#optionsOf = optionsOf;
  }

  /** Queues a message behind the others of its room. */
  add(message: PostMessage): void {
    this.#lane(message.room).add(message);
  }

  /** Takes a message out; the answer to one under way is then ignored. */
  remove({ room, clientId }: PostMessage): void {
    const lane = this.#lanes.get(room);
    lane?.remove(clientId);
    if (!lane?.isEmpty) return;
    lane.shut();
    this.#lanes.delete(room);
  }

  /** Everything queued goes out, what was under way before first. */
  open(): void {
    this.#open = true;
    for (const lane of this.#lanes.values()) lane.open();
  }

  /** Nothing goes out until `open`. */
  shut(): void {
    this.#open = false;
    for (const lane of this.#lanes.values()) lane.shut();
  }

  #lane(room: Id): OutboxLane {
    const lane = this.#lanes.get(room) ?? new OutboxLane(this.#optionsOf());
    if (this.#open && !this.#lanes.has(room)) lane.open();
    this.#lanes.set(room, lane);
    return lane;
  }
}
