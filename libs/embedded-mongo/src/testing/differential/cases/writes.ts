import { doc, double, Timestamp, type Doc, type Value } from '../../../bson/values';
import type { Case } from '../case';
import { CONTAINERS, decimal, fields, long, SCALARS } from './corpus';

const insert = (documents: Value[], options: Record<string, unknown> = {}): Doc =>
  doc({ insert: 'c', documents, ...options });

const INSERTS: readonly Doc[] = [
  ...[...SCALARS, ...CONTAINERS].map((value) => insert([fields(['_id', value], ['x', 1])])),
  ...[...SCALARS, ...CONTAINERS].map((value) => insert([fields(['_id', 'new'], ['x', value])])),
  insert([doc({})]),
  insert([doc({ x: 1 })]),
  insert([fields(['x', 1], ['_id', 5])]),
  insert([doc({ _id: { $a: 1 } })]),
  insert([doc({ _id: { a: { $b: 1 } } })]),
  insert([doc({ $a: 1 })]),
  insert([doc({ 'a.b': 1 })]),
  insert([doc({ a: { $b: 1 } })]),
  insert([doc({ '': 1 })]),
  insert([]),
  insert([1]),
  doc({ insert: 'c' }),
  doc({ insert: '', documents: [{}] }),
  doc({ insert: 'a$b', documents: [{}] }),
  doc({ insert: 1, documents: [{}] }),
  insert([doc({ _id: 1 }), doc({ _id: 2 })]),
  insert([doc({ _id: 50 }), doc({ _id: 1 }), doc({ _id: 51 })]),
  insert([doc({ _id: 50 }), doc({ _id: 1 }), doc({ _id: 51 }), doc({ _id: 51 })], { ordered: false }),
  insert([doc({ _id: double(1) })]),
  insert([doc({ _id: long(1) })]),
  insert([doc({ _id: decimal('1.0') })]),
  insert([doc({ _id: 50 }), doc({ _id: [1] }), doc({ _id: 51 })], { ordered: false }),
  insert([fields(['x', new Timestamp({ t: 0, i: 0 })])]),
  insert([doc({ _id: 60, u: 1 })]),
  insert([doc({ _id: 60, u: 3 }), doc({ _id: 61, u: 3 })], { ordered: false }),
  insert([doc({ _id: 60, u: null })]),
  insert([doc({ _id: 60 }), doc({ _id: 61 })]),
  insert([doc({ _id: 60, u: [5, 6] }), doc({ _id: 61, u: 6 })]),
  insert([doc({ _id: 60, u: [5, 5] })]),
  insert([doc({ _id: 60, u: [1] })]),
  insert([doc({ _id: 60, u: double(1) })]),
];

const change = (q: Doc, u: Value, options: Record<string, unknown> = {}): Doc =>
  doc({ update: 'c', updates: [{ q, u, ...options }] });
const UNIQUE: readonly Doc[] = [
  change(doc({ _id: 1 }), doc({ $set: { u: 2 } })),
  change(doc({ _id: 1 }), doc({ $set: { u: 1 } })),
  change(doc({ _id: 1 }), doc({ u: 2 })),
  change(doc({}), doc({ $set: { u: 7 } }), { multi: true }),
  change(doc({ _id: 9 }), doc({ $set: { u: 1 } }), { upsert: true }),
  change(doc({ u: 1, _id: 9 }), doc({ $set: { x: 1 } }), { upsert: true }),
  change(doc({}), doc({ $inc: { u: 10 } }), { multi: true }),
  change(doc({ _id: 1 }), doc({ $unset: { u: '' } })),
  change(doc({ _id: 1 }), doc({ $push: { 'v.w': 1 } })),
  doc({
    update: 'c',
    updates: [
      { q: { _id: 1 }, u: { $set: { u: 2 } } },
      { q: { _id: 2 }, u: { $set: { u: 9 } } },
    ],
  }),
  doc({
    update: 'c',
    updates: [
      { q: { _id: 1 }, u: { $set: { u: 2 } } },
      { q: { _id: 2 }, u: { $set: { u: 9 } } },
    ],
    ordered: false,
  }),
  doc({
    update: 'c',
    updates: [
      { q: { _id: 8 }, u: { $set: { x: 9 } }, upsert: true },
      { q: { _id: 8 }, u: { $inc: { x: 1 } }, upsert: true },
    ],
  }),
  doc({ update: 'c', updates: [] }),
  doc({ update: 'c', updates: [{ q: {} }] }),
  doc({ update: 'c', updates: [{ u: {} }] }),
  doc({ update: 'c', updates: [{ q: {}, u: {}, x: 1 }] }),
  doc({
    update: 'c',
    updates: [
      { q: { $bad: 1 }, u: {} },
      { q: { _id: 1 }, u: { z: 1 } },
    ],
    ordered: false,
  }),
  doc({ update: 'c', updates: [{ q: 1, u: {} }] }),
  doc({ update: 'c', updates: [{ q: {}, u: 1 }] }),
  doc({ update: 'c', updates: 1 }),
  change(doc({}), doc({ z: 1 }), { multi: true }),
  change(doc({ _id: 1 }), doc({ $set: { x: 1 } }), { multi: true }),
  doc({ update: 'nothing', updates: [{ q: {}, u: { $set: { a: 1 } } }] }),
  doc({ findAndModify: 'c', query: { _id: 1 }, update: { $set: { u: 2 } } }),
  doc({ findAndModify: 'c', query: { _id: 9 }, update: { $set: { u: 2 } }, upsert: true }),
];

const remove = (q: Value, limit: Value = 0): Doc => doc({ delete: 'c', deletes: [{ q, limit }] });
const DELETES: readonly Doc[] = [
  remove(doc({})),
  remove(doc({}), 1),
  remove(doc({ _id: 1 })),
  remove(doc({ _id: 99 })),
  remove(doc({ u: { $gt: 1 } })),
  remove(doc({}), 2),
  remove(doc({}), -1),
  remove(doc({}), 'x'),
  remove(doc({ $bad: 1 })),
  remove(1),
  remove(doc({}), double(1)),
  doc({ delete: 'c', deletes: [{ q: {} }] }),
  doc({ delete: 'c', deletes: [{ limit: 1 }] }),
  doc({ delete: 'c', deletes: [] }),
  doc({
    delete: 'c',
    deletes: [
      { q: { _id: 1 }, limit: 1 },
      { q: { _id: 2 }, limit: 1 },
    ],
  }),
  doc({
    delete: 'c',
    deletes: [
      { q: { $bad: 1 }, limit: 1 },
      { q: { _id: 2 }, limit: 1 },
    ],
    ordered: false,
  }),
  doc({
    delete: 'c',
    deletes: [
      { q: { $bad: 1 }, limit: 1 },
      { q: { _id: 2 }, limit: 1 },
    ],
  }),
  doc({ delete: 'nothing', deletes: [{ q: {}, limit: 0 }] }),
  doc({ delete: 'c', deletes: [{ q: {}, limit: 0, x: 1 }] }),
];

const documents: readonly Doc[] = [doc({ _id: 1, u: 1 }), doc({ _id: 2, u: 2 }), doc({ _id: 3 })];
const indexes = [doc({ key: { u: 1 }, name: 'u_1', unique: true })];

const create = (...specs: Record<string, unknown>[]): Doc => doc({ createIndexes: 'c', indexes: specs });
const INDEXES: readonly Doc[] = [
  create({ key: { q: 1 }, name: 'q' }),
  create({ key: { u: 1 }, name: 'u_1' }),
  create({ key: { u: 1 }, name: 'u_1', unique: true }),
  create({ key: { u: 1 }, name: 'other' }),
  create({ key: { q: 1 }, name: 'u_1' }),
  create({ key: {}, name: 'x' }),
  create({ key: { q: 0 }, name: 'x' }),
  create({ key: { q: 'bad' }, name: 'x' }),
  create({ key: { q: 1 } }),
  create({ name: 'x' }),
  create({ key: { '': 1 }, name: 'x' }),
  create({ key: { 'a.': 1 }, name: 'x' }),
  create({ key: { $a: 1 }, name: 'x' }),
  create({ key: { 'a.$b': 1 }, name: 'x' }),
  create({ key: { q: 1 }, name: '' }),
  create({ key: { q: null }, name: 'x' }),
  create({ key: { q: true }, name: 'x' }),
  create({ key: { q: 2.5 }, name: 'x2' }),
  create({ key: { q: 1 }, name: 'x', nonsense: 1 }),
  create({ key: { same: 1 }, name: 's', unique: true }),
  create({ key: { p1: 1 }, name: 'p1', partialFilterExpression: { q: { $gt: 1 } } }),
  create({ key: { r: 1 }, name: 'p2', partialFilterExpression: { q: { $ne: 1 } } }),
  create({ key: { r: 1 }, name: 'p3', partialFilterExpression: 1 }),
  create({ key: { r: 1 }, name: 'p4', partialFilterExpression: {}, sparse: true }),
  create({ key: { r: 1 }, name: 'p5', partialFilterExpression: { q: { $exists: false } } }),
  create({ key: { r: 1 }, name: 'p6', partialFilterExpression: { q: { $regex: 'x' } } }),
  create({ key: { t: 1 }, name: 't1', expireAfterSeconds: 1 }),
  create({ key: { _id: 1 }, name: 't5', expireAfterSeconds: 1 }),
  create({ key: { _id: 1 }, name: '_id_' }),
  create({ key: { _id: -1 }, name: 'rev' }),
  doc({ createIndexes: 'c', indexes: [] }),
  doc({ createIndexes: 'c', indexes: 1 }),
  doc({ createIndexes: 'c' }),
  create({ key: 1, name: 'x' }),
  create({ key: { q: 1 }, name: 1 }),
  doc({ dropIndexes: 'c', index: 'nothing' }),
  doc({ dropIndexes: 'c', index: '_id_' }),
  doc({ dropIndexes: 'c' }),
  doc({ dropIndexes: 'nothing', index: '*' }),
  doc({ listIndexes: 'nothing' }),
  doc({ create: 'c' }),
  doc({ create: '' }),
  doc({ create: 'a$' }),
  doc({ create: 1 }),
  doc({ drop: 1 }),
  doc({ nonsense: 1 }),
  doc({ validate: 'nothing' }),
  doc({ getMore: long(5), collection: 'c' }),
  doc({ getMore: 5, collection: 'c' }),
  doc({ killCursors: 'c', cursors: [long(5)] }),
  doc({ killCursors: 'c' }),
  create({ key: { p1: 1 }, name: 'p9', partialFilterExpression: { q: { $gt: 9 } } }),
  create({ key: { t2: 1 }, name: 't2', expireAfterSeconds: -1 }),
  create({ key: { t3: 1 }, name: 't3', expireAfterSeconds: 'x' }),
  create({ key: { t: 1, w: 1 }, name: 't4', expireAfterSeconds: 1 }),
];

const NESTED: readonly Doc[] = [
  insert([doc({ _id: 9, p: [1, 2], q: [3, 4] })]),
  insert([doc({ _id: 9, p: [1, 2], q: 3 })]),
  insert([doc({ _id: 9, p: [{ x: 1 }, { x: 2 }], q: 1 })]),
  insert([doc({ _id: 9, p: [] }), doc({ _id: 10, p: [] })]),
  insert([doc({ _id: 9, p: 1, q: [1, 2] }), doc({ _id: 10, p: 1, q: 2 })]),
  change(doc({ _id: 1 }), doc({ $set: { p: [1], q: [1] } })),
  insert([doc({ _id: 9, p: [[1, 2]] }), doc({ _id: 10, p: [1] })]),
];

export const WRITE_CASES: readonly Case[] = [
  {
    name: 'inserts',
    documents,
    indexes: [doc({ key: { u: 1 }, name: 'u_1', unique: true, sparse: true })],
    commands: INSERTS,
  },
  { name: 'unique keys', documents, indexes, commands: UNIQUE },
  { name: 'deletes', documents, indexes, commands: DELETES },
  {
    name: 'compound keys of arrays',
    documents,
    indexes: [doc({ key: { p: 1, q: 1 }, name: 'pq', unique: true, sparse: true })],
    commands: NESTED,
  },
  { name: 'indexes and collections', documents, indexes, commands: INDEXES },
];
