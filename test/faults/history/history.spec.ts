import { resolve } from 'node:path';
import { check } from './check';
import type { Happening, History } from './history';
import { Run } from './run';
import { cluster, oneServer, serversOnALine, type Servers } from './servers';
import { explain } from './violation';

/** For all parts together. */
const SECONDS = Number(process.env['HISTORY_SECONDS'] ?? 8);
const SEED = Number(process.env['HISTORY_SEED'] ?? 7);
/** From two on, so many nodes and a Redis are tried too: `.ci/run` does, `npm test` does not. */
const NODES = Number(process.env['HISTORY_NODES'] ?? 1);
const SECONDS_EACH = SECONDS / (NODES > 1 ? 3 : 2);
const KEPT = resolve(__dirname, '../../../.cache/history');

jest.setTimeout((SECONDS + 300) * 1_000);

/** What is found is printed; the whole history is kept for who wants to know more. */
function expectLawful(history: History, name: string): void {
  const violations = check(history.lines);
  if (process.env['HISTORY_SECONDS']) process.stdout.write(`${name}, seed ${SEED}: ${extent(history)}\n`);
  if (violations.length === 0) return;
  const path = resolve(KEPT, `${name}-seed-${SEED}.jsonl`);
  history.writeTo(path);
  throw new Error(`${explain(violations, history.lines)}\n\nSeed ${SEED}. The whole history: ${path}`);
}

/** How much a run by hand has proven. */
function extent({ lines }: History): string {
  const count = (kind: Happening['kind']): number => lines.filter((line) => line.kind === kind).length;
  const heard = `${count('heard')} events heard, ${count('opened')} connections, ${count('fault')} lines of faults`;
  return `${count('asked')} commands, ${count('answered')} answered, ${heard}, ${count('stored')} entries kept`;
}

describe('Laws 1 to 7, whatever random clients do and whatever befalls the servers', () => {
  let servers: Servers;
  afterEach(() => servers.stop());

  it(`hold for a server that is killed and stopped (seed ${SEED})`, async () => {
    servers = await oneServer();
    expectLawful(await Run.of(servers, { seed: SEED, seconds: SECONDS_EACH, flood: true }), 'one-server');
  });

  const ofNodes = NODES > 1 ? it : it.skip;
  ofNodes(`hold for nodes that are killed, stopped or cut off, and for a Redis that is (seed ${SEED})`, async () => {
    servers = await cluster(NODES);
    expectLawful(await Run.of(servers, { seed: SEED, seconds: SECONDS_EACH, flood: false }), 'cluster');
  });

  it(`hold for a server whose line to the database breaks (seed ${SEED})`, async () => {
    servers = await serversOnALine();
    expectLawful(await Run.of(servers, { seed: SEED, seconds: SECONDS_EACH, flood: false }), 'on-a-line');
  });
});
