import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeAll(async () => {
  harness = new EngineHarness();
  await harness.insert('c', { _id: 1, a: 1, b: { c: 1, d: 2 }, e: [1, 2, 3], f: [{ x: 1, y: 1 }, { x: 2, y: 2 }, 3] });
});
afterAll(() => harness.close());

it.each<[object, object]>([
  [{ a: 1 }, { _id: 1, a: 1 }],
  [{ a: 1, _id: 0 }, { a: 1 }],
  [{ _id: 1 }, { _id: 1 }],
  [
    { _id: 0, b: 0, f: 0 },
    { a: 1, e: [1, 2, 3] },
  ],
  [{ 'b.c': 1 }, { _id: 1, b: { c: 1 } }],
  [{ 'b.d': 1 }, { _id: 1, b: { d: 2 } }],
  [
    { b: 0, e: 0, 'f.x': 0 },
    { _id: 1, a: 1, f: [{ y: 1 }, { y: 2 }, 3] },
  ],
  [{ 'f.x': 1 }, { _id: 1, f: [{ x: 1 }, { x: 2 }] }],
])('%j', async (projection, expected) => {
  expect(await harness.find('c', {}, { projection })).toEqual([expected]);
});

it.each<[object, number]>([
  [{ a: 1, b: 0 }, 31254],
  [{ a: 0, b: 1 }, 31253],
  [{ a: 1, 'a.b': 1 }, 31250],
  [{ a: { $meta: 'textScore' } }, 2],
  [{ b: { d: 1 } }, 2],
  [{ sum: { $add: ['$a', '$b.d'] } }, 2],
  [{ e: { $slice: 1 } }, 2],
  [{ e: { $elemMatch: { $gt: 1 } } }, 2],
  [{ a: '$b' }, 2],
  [{ 'e.$': 1 }, 31276],
])('refuses %j', async (projection, code) => {
  expect(await harness.run({ find: 'c', filter: {}, projection })).toMatchObject({ ok: 0, code });
});
