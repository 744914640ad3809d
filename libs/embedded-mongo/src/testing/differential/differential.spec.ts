import * as fc from 'fast-check';
import type { Doc } from '../../bson/values';
import { answers, story, written, type Answer, type Case } from './case';
import { QUERY_CASES } from './cases/queries';
import { READ_CASES } from './cases/reads';
import { UPDATE_CASES } from './cases/updates';
import { WRITE_CASES } from './cases/writes';
import { compare, unmet, type Difference } from './differences';
import { EmbeddedPeer } from './embedded-peer';
import { sequences } from './generated';
import { isThere, Mongod, MONGOD } from './mongod';

const CASES: readonly Case[] = [...QUERY_CASES, ...UPDATE_CASES, ...READ_CASES, ...WRITE_CASES];

/** 500 in `npm test`, 5,000 in the long run. */
const RUNS = Number(process.env['DIFFERENTIAL_RUNS'] ?? 500);

if (!isThere()) process.emitWarning(`NOT COMPARED WITH MONGOD: there is none at ${MONGOD}. "npm test" fetches it.`);

(isThere() ? describe : describe.skip)('the same answers as mongod 4.0', () => {
  const embedded = new EmbeddedPeer();
  const met = new Set<Difference>();
  let mongod: Mongod;

  beforeAll(async () => {
    mongod = await Mongod.start();
  }, 90_000);

  afterAll(async () => {
    await embedded.close();
    await mongod.stop();
  }, 60_000);

  it.each(CASES.map((one) => [one.name, one] as const))(
    '%s',
    async (_, one) => {
      const theirs = await answers(mongod.peer, one, 'd');
      const ours = await answers(embedded, one, 'd');
      expect(theirs.length).toBeGreaterThanOrEqual(one.commands.length);
      expect(theirs.flatMap((answer, i) => unknown(answer, ours[i]!))).toEqual([]);
    },
    120_000,
  );

  it(
    `in generated sequences of commands, ${RUNS} of them`,
    async () => {
      await Promise.all([mongod.peer, embedded].map((peer) => story(peer, [], 'generated')));
      const same = async (commands: readonly Doc[]): Promise<void> => {
        const theirs = await story(mongod.peer, commands, 'generated');
        const ours = await story(embedded, commands, 'generated');
        expect(theirs.flatMap((answer, i) => unknown(answer, ours[i]!))).toEqual([]);
      };
      await fc.assert(fc.asyncProperty(sequences, same), { numRuns: RUNS });
    },
    60_000 + RUNS * 200,
  );

  function unknown(theirs: Answer, ours: Answer): string[] {
    const difference = compare(theirs, ours);
    if (difference === 'unknown') return [`${theirs.question}\nmongod:\n${theirs.reply}\nembedded:\n${ours.reply}`];
    if (difference) met.add(difference);
    return [];
  }

  it('has no difference on its list that is none', () => expect(unmet(met)).toEqual([]));
});

describe('an index changes no answer', () => {
  const embedded = new EmbeddedPeer();
  afterAll(() => embedded.close());

  const variants = CASES.flatMap((one) =>
    (one.variants ?? []).map((index) => [written(index.get('key')), one, index] as const),
  );

  it.each(variants)(
    '%s',
    async (_, one, index) => {
      const plain = await answers(embedded, one, 'd');
      const indexed = await answers(embedded, { ...one, indexes: [index] }, 'd');
      expect(indexed.filter((answer, i) => answer.reply !== plain[i]!.reply)).toEqual([]);
    },
    60_000,
  );
});
