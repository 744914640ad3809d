import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doc } from '../bson/values';
import { EngineHarness } from '../testing/engine-harness';
import type { Reply } from '../wire/frames';
import { Background } from './background';

const DOCUMENTS = 20_000;

let directory: string;
let harness: EngineHarness;
/** The background's work, which it does not do. */
const run = jest.fn((_frame: Buffer, _connection: number, { answer }: { answer: (reply: Reply) => void }) =>
  answer(doc({ ok: 0, code: 0, errmsg: 'elsewhere' })),
);
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'embedded-'));
  const background = { isMoving: false, moveWrittenAhead: () => undefined, stop: () => Promise.resolve(), run };
  jest.spyOn(Background, 'start').mockReturnValue(background as unknown as Background);
  harness = new EngineHarness(join(directory, 'data'));
  for (let from = 0; from < DOCUMENTS; from += 1_000)
    await harness.insert('c', ...Array.from({ length: 1_000 }, (_, at) => ({ _id: from + at, n: at })));
  run.mockClear();
});
afterEach(async () => {
  await harness.engine.close();
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

it('a read of all of a large collection is for the background', async () => {
  expect(await harness.run({ find: 'c', filter: { n: -1 } })).toMatchObject({ errmsg: 'elsewhere' });
  expect(run).toHaveBeenCalledTimes(1);
});

it('a read of what is left of a large collection is not', async () => {
  await harness.run({ delete: 'c', deletes: [{ q: { _id: { $gt: 1, $lt: DOCUMENTS - 1 } }, limit: 0 }] });
  run.mockClear();
  expect(await harness.find('c', { n: { $gte: 0 } })).toHaveLength(3);
  expect(await harness.run({ count: 'c' })).toMatchObject({ n: 3 });
  expect(run).not.toHaveBeenCalled();
});
