import { Chance } from './random';

/** What a client does next, after a pause. Rooms are named by slots: which room is in a slot is for the run to say. */
export type Decision = { afterMs: number } & Deed;

export type Deed =
  | { do: 'post'; slot: number; count: number; long: boolean }
  /** To one of the last entries, which need not be a message; sometimes twice, as an impatient finger does. */
  | { do: 'react'; slot: number; back: number; emoji: string; on: boolean; times: number }
  /** Sends one of its last messages once more. */
  | { do: 'repeat'; back: number }
  | { do: 'join' | 'leave' | 'delete' | 'read'; slot: number }
  | { do: 'create'; kind: 'room' | 'group'; slot: number; withPeople: number[] }
  | { do: 'open private'; person: number }
  | { do: 'sync' }
  /** Breaks its connection, and comes back to one of the nodes. */
  | { do: 'drop'; node: number }
  | { do: 'stop reading'; forMs: number }
  | { do: 'sign out' };

/** How the servers are made to suffer next. */
export interface FaultDecision {
  afterMs: number;
  fault: string;
  node: number;
  forMs: number;
}

export interface Cast {
  slots: number;
  people: number;
  nodes: number;
}

const WEIGHTS: Record<Deed['do'], number> = {
  post: 60,
  react: 12,
  repeat: 5,
  join: 9,
  leave: 4,
  delete: 1,
  read: 4,
  create: 3,
  'open private': 2,
  sync: 2,
  drop: 4,
  'stop reading': 3,
  'sign out': 1,
};

const LONGEST_PAUSE_MS = 120;

/** All that a client will ever decide: a matter of the seed and of its name alone. */
export function* decisionsOf(seed: number, client: string, cast: Cast): Generator<Decision, never> {
  const chance = new Chance(seed, client);
  for (;;) yield { afterMs: chance.below(LONGEST_PAUSE_MS), ...deed(chance, cast) };
}

function deed(chance: Chance, { slots, people, nodes }: Cast): Deed {
  const what = chance.oneOf(WEIGHTS);
  switch (what) {
    case 'post':
      return { do: what, slot: chance.below(slots), count: 1 + chance.below(6), long: chance.next() < 0.1 };
    case 'react':
      return {
        do: what,
        slot: chance.below(slots),
        back: chance.below(4),
        emoji: chance.oneOf({ '👍': 1, '❤️': 1 }),
        on: chance.next() < 0.7,
        times: 1 + chance.below(2),
      };
    case 'repeat':
      return { do: what, back: chance.below(5) };
    case 'create':
      return {
        do: what,
        kind: chance.oneOf({ room: 2, group: 1 }),
        slot: chance.below(slots),
        withPeople: some(chance, people),
      };
    case 'open private':
      return { do: what, person: chance.below(people) };
    case 'drop':
      return { do: what, node: chance.below(nodes) };
    case 'stop reading':
      return { do: what, forMs: chance.below(1_000) };
    case 'sync':
    case 'sign out':
      return { do: what };
    default:
      return { do: what, slot: chance.below(slots) };
  }
}

function some(chance: Chance, people: number): number[] {
  return Array.from({ length: people }, (_, index) => index).filter(() => chance.next() < 0.5);
}

/** All faults of a run: a matter of the seed alone. */
export function* faultsOf(
  seed: number,
  faults: Readonly<Record<string, number>>,
  nodes: number,
): Generator<FaultDecision, never> {
  const chance = new Chance(seed, 'faults');
  for (;;) {
    const fault = chance.oneOf(faults);
    yield { afterMs: 300 + chance.below(1_200), fault, node: chance.below(nodes), forMs: 200 + chance.below(1_300) };
  }
}
