import { doc, double, type Doc, type Value } from '../../../bson/values';
import type { Case } from '../case';
import { CORPUS, date, decimal, fields, long } from './corpus';

const documents: readonly Doc[] = [
  doc({ _id: 1, a: 1, b: { c: 1, d: 2 }, t: [1, 2, 3], s: 'Abc' }),
  doc({ _id: 2, a: double(1), b: { c: 2 }, t: [], s: 'b' }),
  doc({ _id: 3, a: long(2), b: [{ c: 1, d: 2 }, { c: 3 }, 5, [{ c: 7 }]], t: [3, 'x', null] }),
  doc({ _id: 4, a: null, b: null, t: null, s: null }),
  doc({ _id: 5, b: [], t: [{ x: 1, y: 1 }, { x: 2 }, { x: 1, y: 2 }], s: 'Abc' }),
  doc({ _id: 6, a: decimal('2.5'), b: 7, t: 'no array', s: 'ß' }),
  doc({ _id: 7, a: 'text', b: { c: { e: 1, f: 2 } }, t: [[1, 2], [3]], d: date(1_600_000_000_000) }),
  doc({ _id: 8, a: [1, 2], b: {}, t: [1, 1, 2], d: date(0) }),
];

const find = (options: Record<string, unknown>): Doc => doc({ find: 'c', ...options });
const project = (projection: Doc): Doc => find({ projection });

const PROJECTIONS: readonly Doc[] = [
  ...(['a', 'b', 'b.c', 'b.c.e', 't', 't.x', 't.0', '_id', 'missing', 'b.missing', 'b.0.c'] as const).flatMap((path) =>
    [1, 0, true, false, double(1), long(0), 5, -1].map((flag) => fields([path, flag])),
  ),
  doc({ a: 1, s: 1 }),
  doc({ s: 1, a: 1 }),
  doc({ a: 0, s: 0 }),
  doc({ a: 1, _id: 0 }),
  doc({ _id: 0, a: 1 }),
  doc({ a: 0, _id: 1 }),
  doc({ _id: 1, a: 0 }),
  doc({ a: 0, _id: 0 }),
  doc({ _id: 0 }),
  doc({ a: 1, s: 0 }),
  doc({ a: 0, s: 1 }),
  doc({ 'b.c': 1, 'b.d': 1 }),
  doc({ 'b.c': 0, 'b.d': 0 }),
  doc({ 'b.c': 1, s: 1, 'b.d': 1 }),
  doc({ '': 1 }),
  doc({ 'a.': 1 }),
  doc({ $a: 1 }),
  doc({ a: 1, 'a.b': 1 }),
  doc({ 'b.c': 1, b: 1 }),
  doc({}),
].map(project);

const SORTS: readonly Doc[] = [
  ...(['a', 'b', 'b.c', 't', 't.x', 's', 'd', 'missing', 't.0', 'b.c.e'] as const).flatMap((path) => [
    fields([path, 1], ['_id', 1]),
    fields([path, -1], ['_id', 1]),
    fields([path, 1], ['_id', -1]),
  ]),
  doc({ a: 1, b: -1, _id: 1 }),
  doc({ _id: -1 }),
  doc({}),
  doc({ a: 2 }),
  doc({ a: 0 }),
  doc({ a: 'x' }),
  doc({ a: {} }),
  doc({ a: null }),
  doc({ '': 1 }),
  doc({ 'a.': 1 }),
  doc({ $a: 1 }),
  doc({ a: double(1), _id: 1 }),
  doc({ a: long(-1), _id: 1 }),
  doc({ s: 1, _id: double(-1) }),
  doc({ t: 1, b: 1 }),
].flatMap((sort) => [find({ sort }), find({ sort, limit: 3 }), find({ sort, skip: 2, limit: 3 })]);

const WINDOWS: readonly Doc[] = [
  find({ limit: 0 }),
  find({ limit: 2 }),
  find({ skip: 6 }),
  find({ skip: 99 }),
  find({ skip: -1 }),
  find({ limit: -1 }),
  find({ limit: double(2) }),
  find({ limit: 1.5 }),
  find({ limit: 'x' }),
  find({ batchSize: -1 }),
  find({ limit: 3, singleBatch: true }),
  find({ filter: 1 }),
  find({ filter: [] }),
  find({ sort: 1 }),
  find({ projection: 1 }),
  find({ nonsense: 1 }),
  doc({ count: 'c' }),
  doc({ count: 'c', query: { a: 1 } }),
  doc({ count: 'c', query: { a: { $gt: 0 } }, limit: 1 }),
  doc({ count: 'c', skip: 3 }),
  doc({ count: 'c', skip: 3, limit: 2 }),
  doc({ count: 'c', skip: 99 }),
  doc({ count: 'nothing' }),
  doc({ count: 'c', query: { $bad: 1 } }),
  doc({ count: 'c', limit: 0 }),
  doc({ count: 'c', query: 1 }),
  doc({ count: 'c', skip: -1 }),
  doc({ find: 'nothing' }),
  doc({ find: '' }),
  doc({ find: 1 }),
  doc({ aggregate: 'nothing', pipeline: [], cursor: {} }),
];

const DISTINCT: readonly Doc[] = [
  ...(['a', 'b', 'b.c', 't', 't.x', 't.0', 's', 'missing', '_id', 'b.c.e', 'b.0.c', 't.0.x', 'a.0'] as const).map(
    (key) => doc({ distinct: 'c', key }),
  ),
  doc({ distinct: 'c', key: 'a', query: { _id: { $lt: 4 } } }),
  doc({ distinct: 'nothing', key: 'a' }),
  doc({ distinct: 'c' }),
  doc({ distinct: 'c', key: 1 }),
  doc({ distinct: 'c', key: 'a', query: { $bad: 1 } }),
];

const aggregate = (...pipeline: Doc[]): Doc => doc({ aggregate: 'c', pipeline, cursor: {} });

const EXPRESSIONS: readonly Value[] = [
  '$a',
  '$b.c',
  '$t.x',
  '$missing',
  '$',
  '$$',
  '$a.',
  '$$nope',
  '$b.c.e',
  '$t.0',
  'text',
  5,
  [1, '$a', '$missing'],
  doc({ x: '$a', y: '$missing' }),
  doc({ x: { y: '$a' } }),
  doc({}),
  [],
  doc({ $nonsense: 1 }),
];

const id = doc({ $sort: { _id: 1 } });
/** One document at a time, so that the one which fails does not hide the others. */
const evaluated = EXPRESSIONS.flatMap((expression) =>
  documents.map((one) =>
    aggregate(
      fields(['$match', fields(['_id', one.get('_id')!])]),
      doc({ $group: { _id: null, r: { $first: fields(['v', expression]) } } }),
    ),
  ),
);

const STAGES: readonly Doc[] = [
  ...[
    doc({ $match: { a: 1 } }),
    doc({ $match: 1 }),
    doc({ $sort: { a: 1, _id: 1 } }),
    doc({ $sort: {} }),
    doc({ $sort: 1 }),
    doc({ $sort: { a: 2 } }),
    doc({ $limit: 2 }),
    doc({ $limit: 0 }),
    doc({ $limit: -1 }),
    doc({ $limit: 'x' }),
    doc({ $limit: 1.5 }),
    doc({ $limit: double(2) }),
    doc({ $skip: 6 }),
    doc({ $skip: -1 }),
    doc({ $skip: 'x' }),
    doc({ $nonsense: 1 }),
    doc({}),
    doc({ $match: {}, $limit: 1 }),
  ].map((stage) => aggregate(stage)),
  doc({ aggregate: 'c', pipeline: 1, cursor: {} }),
  doc({ aggregate: 'c', pipeline: [1], cursor: {} }),
  doc({ aggregate: 'c', pipeline: [] }),
  doc({ aggregate: 'c', pipeline: [], cursor: { batchSize: -1 } }),
  doc({ aggregate: 'c', pipeline: [], cursor: { x: 1 } }),
  doc({ aggregate: 'c', pipeline: [], cursor: 1 }),
  aggregate(doc({ $match: { _id: { $gt: 2 } } }), doc({ $sort: { _id: -1 } }), doc({ $skip: 1 }), doc({ $limit: 2 })),
  aggregate(doc({ $sort: { _id: -1 } }), doc({ $limit: 4 })),
  aggregate(doc({ $match: { _id: { $gt: 2 } } }), doc({ $match: { _id: { $lt: 6 } } }), doc({ $limit: 2 })),
  aggregate(doc({ $match: { _id: 1 } }), doc({ $group: { _id: 1, n: { $sum: 1 } } })),
  aggregate(doc({ $match: { _id: 99 } }), doc({ $group: { _id: 1, n: { $sum: 1 } } })),
];

const ACCUMULATED: readonly Value[] = ['$a', '$b.c', '$t', '$missing', 1, 2.5, long(1), null, '$s', doc({ x: '$a' })];
const GROUPS: readonly Doc[] = [
  ...[
    null,
    '$a',
    '$s',
    '$missing',
    '$b.c',
    '$t',
    doc({ s: '$s' }),
    1,
    doc({ x: '$missing' }),
    doc({ x: '$a', y: '$missing' }),
    doc({}),
  ].map((key) => doc({ $group: { _id: key, n: { $sum: 1 } } })),
  ...['$sum', '$min', '$max', '$first', '$last'].flatMap((name) =>
    ACCUMULATED.map((argument) => doc({ $group: { _id: null, r: fields([name, argument]) } })),
  ),
  doc({ $group: { n: { $sum: 1 } } }),
  doc({ $group: 1 }),
  doc({ $group: { _id: 1, n: 1 } }),
  doc({ $group: { _id: 1, n: {} } }),
  doc({ $group: { _id: 1, n: { $bad: 1 } } }),
  doc({ $group: { _id: 1, n: { $sum: 1, $max: 1 } } }),
  doc({ $group: { _id: 1, 'a.b': { $sum: 1 } } }),
  doc({ $group: { _id: 1, $a: { $sum: 1 } } }),
  doc({ $group: { _id: 1 } }),
  doc({ $group: { _id: 1, n: { $sum: ['$a', 1] } } }),
  doc({ $group: { _id: '$s', l: { $last: '$_id' }, f: { $first: '$_id' } } }),
].map((stage) => aggregate(id, stage));

export const READ_CASES: readonly Case[] = [
  { name: 'projections', documents, commands: PROJECTIONS },
  { name: 'sorts', documents, commands: SORTS },
  {
    name: 'sorts of every type',
    documents: CORPUS,
    commands: [1, -1].flatMap((way) =>
      ['a', 'a.b', 'a.0'].map((path) =>
        find({ projection: { _id: 1 }, sort: fields([path, way], ['_id', 1]), batchSize: 1000 }),
      ),
    ),
  },
  { name: 'windows and counts', documents, commands: WINDOWS },
  { name: 'distinct', documents, commands: [...DISTINCT], unordered: true },
  {
    name: 'distinct by number',
    documents: [
      doc({ _id: 1, a: [{ 0: null }, { 0: 5, 1: 6 }] }),
      doc({ _id: 2, a: [[1, { 0: 2 }], 3] }),
      doc({ _id: 3, a: { 0: 7 } }),
    ],
    commands: ['a.0', 'a.1', 'a.00', 'a.0.0', 'a.0.1', 'a.0.1.0'].map((key) => doc({ distinct: 'c', key })),
    unordered: true,
  },
  { name: 'expressions', documents, commands: evaluated },
  { name: 'stages', documents, commands: STAGES },
  { name: 'groups', documents, commands: GROUPS, unordered: true },
];
