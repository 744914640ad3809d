/**
 * What is measured. A scenario is data: rooms, who speaks in them, how much at once, and what the project has promised.
 * `kind`: `stream` (senders post as fast as they are answered), `lone` (one message at a time, then silence), `idle`
 * (connections that do nothing).
 */

/** One room of everybody. */
const one = (size) => [members(0, size)];

/** Rooms that share nobody. */
const apart = (count, size) => Array.from({ length: count }, (_, room) => members(room * size, size));

/** Rooms of three in which everybody is in about `each` rooms: person p meets others at growing distances. */
function woven(count, each) {
  const people = (count * 3) / each;
  return Array.from({ length: count }, (_, room) => {
    const first = room % people;
    const step = 1 + Math.floor(room / people);
    return [first, (first + step) % people, (first + 3 * step + 7) % people];
  });
}

function members(from, count) {
  return Array.from({ length: count }, (_, index) => from + index);
}

export const SCENARIOS = [
  {
    key: 'a',
    title: 'One room of 100, 4 senders',
    kind: 'stream',
    rooms: one(100),
    senders: 4,
    inFlight: 4,
    target: { ratio: 3 },
  },
  {
    key: 'b',
    title: '40 rooms of 5, 2 senders in each',
    kind: 'stream',
    rooms: apart(40, 5),
    senders: 2,
    inFlight: 4,
    target: { ratio: 1 },
  },
  {
    key: 'c',
    title: 'Idle connections, signed in',
    kind: 'idle',
    connections: 5_000,
    accounts: 1_000,
    target: { ratio: 2 },
  },
  {
    key: 'd',
    title: 'A lone message in an idle room of 5',
    kind: 'lone',
    rooms: one(5),
    senders: 1,
    inFlight: 1,
    everyMs: 20,
    target: { p50: 1, p99: 5 },
  },
  {
    key: 'e',
    title: 'One room of 1,000, 4 senders',
    kind: 'stream',
    rooms: one(1_000),
    senders: 4,
    inFlight: 4,
    target: { ratio: 8 },
    later: true,
  },
  {
    key: 'f',
    title: '1,000 rooms of 3, each connection in about 20 of them, one sender in each',
    kind: 'stream',
    rooms: woven(1_000, 20),
    senders: 1,
    inFlight: 4,
    target: { ratio: 1.5 },
    later: true,
  },
  {
    key: 'g',
    title: '20,000 idle connections, signed in',
    kind: 'idle',
    connections: 20_000,
    accounts: 1_000,
    target: { ratio: 1.3 },
    later: true,
  },
];

/** A tiny one, to see that the bench itself works. */
export const SMOKE = [
  { key: 'a', title: 'One room of 5, 2 senders', kind: 'stream', rooms: one(5), senders: 2, inFlight: 4 },
  { key: 'c', title: 'Idle connections, signed in', kind: 'idle', connections: 20, accounts: 5 },
  { key: 'd', title: 'A lone message', kind: 'lone', rooms: one(3), senders: 1, inFlight: 1, everyMs: 5 },
];

/** How many people a scenario needs. */
export function peopleOf(scenario) {
  return scenario.accounts ?? 1 + Math.max(...scenario.rooms.flat());
}
