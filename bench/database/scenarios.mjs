/** What is asked of the databases, as data, and the documents: entries of rooms' logs, as the product keeps them. */
import process from 'node:process';
import { ObjectId } from 'bson';

/** Fewer are for trying the benchmark itself. */
export const DOCUMENTS = Number(process.env.BENCH_DOCUMENTS ?? 1_000_000);
const ROOMS = DOCUMENTS / 1_000;
const IN_ROOM = 1_000;
const IN_A_TURN = 10;
const PEOPLE = 5_000;
const PAGE = 50;
const ON_DISK = { writeConcern: { w: 'majority', j: true } };
const BEGAN = Date.UTC(2026, 0, 1);
const WORDS = 'lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore';

/** The indexes of the product's own entries. */
export const INDEXES = [
  { key: { room: 1, seq: 1 }, name: 'room_seq', unique: true },
  {
    key: { clientId: 1, 'author.id': 1 },
    name: 'clientId_author',
    unique: true,
    partialFilterExpression: { clientId: { $exists: true } },
  },
];

/** The n-th entry: rooms take turns, a few entries at a time, as people talk. */
export function entry(n) {
  const author = n % PEOPLE;
  const turn = Math.floor(n / IN_A_TURN);
  return {
    _id: idOf(1, n),
    room: idOf(2, turn % ROOMS),
    seq: Math.floor(turn / ROOMS) * IN_A_TURN + (n % IN_A_TURN) + 1,
    type: 'message',
    author: { id: idOf(3, author), name: `Person ${author}` },
    at: new Date(BEGAN + n * 1_000),
    text: WORDS.slice(0, 40 + (n % 60)),
    clientId: `${n.toString(36).padStart(10, '0')}-${author.toString(36)}`,
  };
}

function idOf(kind, n) {
  const bytes = Buffer.alloc(12, kind);
  bytes.writeUInt32BE(n, 8);
  return new ObjectId(bytes);
}

/** One after the other, starting where no measurement was before. */
let next = 0;
export const insert = (collection, documents) => ({ insert: collection, documents, ordered: true, ...ON_DISK });
const insertNext = () => insert('fresh', [entry(next++)]);
const insertMany = () =>
  insert(
    'fresh',
    Array.from({ length: 1_000 }, () => entry(next++)),
  );

const any = (count) => Math.floor(Math.random() * count);
const point = () => ({ find: 'entries', filter: { _id: idOf(1, any(DOCUMENTS)) }, limit: 1, singleBatch: true });
const page = () => ({
  find: 'entries',
  filter: { room: idOf(2, any(ROOMS)), seq: { $lt: PAGE + 2 + any(IN_ROOM - PAGE) } },
  sort: { seq: -1 },
  limit: PAGE,
  singleBatch: true,
});
const modify = () => ({
  findAndModify: 'counters',
  query: { _id: 'one' },
  update: { $inc: { value: 1 } },
  new: true,
  upsert: true,
  ...ON_DISK,
});
/** Ten commands of a chat's day, over and over. */
const MIX = [point, page, point, insertNext, point, modify, point, page, point, insertNext];
let turns = 0;
const mix = () => MIX[turns++ % MIX.length]();

/** `each`: documents a command; `ratio`: how fast it has to be, compared with mongod. */
export const SCENARIOS = [
  { key: 'insert', title: 'Inserts of one document', inFlight: 100, ratio: 1.5, command: insertNext },
  {
    key: 'insertMany',
    title: 'insertMany of 1,000, documents',
    inFlight: 1,
    each: 1_000,
    ratio: 1.5,
    command: insertMany,
  },
  { key: 'history', title: 'A page of 50 of a room’s history', inFlight: 1, ratio: 1, command: page },
  { key: 'modify', title: 'findAndModify on one document', inFlight: 1, ratio: 1, command: modify },
  { key: 'point', title: 'Point reads', inFlight: 50, ratio: 1, command: point },
  { key: 'mix', title: 'A mix', inFlight: 50, ratio: 1, command: mix },
];

/** Work that lasts, each on all documents or many; others read and write meanwhile. `then`: what undoes it. */
export const LONG_WORK = [
  { key: 'count', title: 'count without an index', command: { count: 'entries', query: { text: 'nothing' } } },
  {
    key: 'sort',
    title: 'find sorted without an index',
    command: { find: 'entries', sort: { text: 1, at: 1 }, limit: 10 },
  },
  {
    key: 'group',
    title: 'aggregate with $group',
    command: { aggregate: 'entries', pipeline: [{ $group: { _id: '$author.id', n: { $sum: 1 } } }], cursor: {} },
  },
  {
    key: 'update',
    title: 'update of 100,000 documents',
    command: {
      update: 'entries',
      updates: [{ q: { seq: { $lte: 100 } }, u: { $inc: { edits: 1 } }, multi: true }],
      ...ON_DISK,
    },
  },
  {
    key: 'index',
    title: 'building an index',
    command: { createIndexes: 'entries', indexes: [{ key: { at: 1 }, name: 'at' }] },
    then: { dropIndexes: 'entries', index: 'at' },
  },
  {
    key: 'transaction',
    title: 'aggregate inside of a transaction',
    command: {
      aggregate: 'entries',
      pipeline: [{ $match: { text: 'nothing' } }, { $group: { _id: null, n: { $sum: 1 } } }],
      cursor: {},
      txnNumber: 1n,
      startTransaction: true,
      autocommit: false,
    },
    then: { commitTransaction: 1, txnNumber: 1n, autocommit: false, $db: 'admin' },
  },
];
export const PROBES = { read: point, write: modify };
