/** `npm run bench:database`: the embedded database and a mongod, measured in one run. README.md has the options. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fetchMongod } from '../scripts/mongod.mjs';
import { build, fail, inRoot, install, nodePath, say } from '../scripts/setup.mjs';
import { held, load, throughput } from './database/measure.mjs';
import { Notes } from './database/notes.mjs';
import { page } from './database/page.mjs';
import { LONG_WORK, SCENARIOS } from './database/scenarios.mjs';
import { CONTENDERS } from './database/servers.mjs';
import { describeMachine } from './machine.mjs';

/** Both are new processes each time: what compiles as it runs has to be warm before it is measured. */
const TIMES = { warmMs: 2_000, measureMs: 1_500 };
/** What lasts is measured in fewer rounds: there the longest wait counts. */
const ROUNDS_THAT_LAST = 2;

const options = readOptions();
const rounds = Number(options.rounds ?? 5);
const contenders = options.only ? [options.only] : Object.keys(CONTENDERS);
const measures = [
  ...SCENARIOS.map((scenario) => ({ ...scenario, measure: throughput })),
  ...LONG_WORK.map((work) => ({ ...work, measure: held })),
].filter(({ key }) => !options.scenario || options.scenario.split(',').includes(key));

await main();

async function main() {
  if (!options.library) {
    install();
    build(['server']);
  }
  if (!fetchMongod() && contenders.includes('mongod')) fail('There is no mongod to compare with on this machine.');
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'parley-bench-'));
  if (!options.keep) process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(folder, { recursive: true });
  if (options.profile) mkdirSync(options.profile, { recursive: true });
  const setting = {
    node: nodePath(),
    directory: folder,
    library: options.library,
    profileInto: options.profile,
    times: TIMES,
  };
  const notes = new Notes(join(folder, 'measured.json'));
  for (const name of contenders)
    if (!notes.has('load', name)) await note(notes, 'load', name, () => load(name, setting));
  if (!options.more) notes.forget(measures, contenders);
  for (let round = 1; round <= rounds; round++)
    for (const each of measures)
      if (each.measure === throughput || round <= ROUNDS_THAT_LAST)
        for (const name of contenders) await note(notes, each.key, name, () => each.measure(name, each, setting));
  const text = page({ machine: describeMachine(setting.node, folder), measured: notes.measured, times: TIMES });
  console.log(`\n${text}`);
  const out = options.out ?? (options.only || options.profile ? undefined : inRoot('bench/DATABASE.md'));
  if (out && SCENARIOS.concat(LONG_WORK).every(({ key }) => notes.has(key, 'mongod'))) writeFileSync(out, text);
}

async function note(notes, key, name, measure) {
  const result = await measure();
  notes.add(key, name, result);
  say(`${key}, ${name}: ${headline(result)}`);
}

function headline({ loadSeconds, now, own, perSecond, p50, p99, ms, read, write }) {
  if (loadSeconds) return `${loadSeconds.toFixed(1)} s, ${Math.round((now - own) / 2 ** 20)} MiB more than before`;
  if (perSecond) return `${Math.round(perSecond)} a second, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  return `${Math.round(ms)} ms; a reader waits up to ${read.max.toFixed(1)} ms, a writer up to ${write.max.toFixed(1)} ms`;
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        scenario: { type: 'string' },
        rounds: { type: 'string' },
        only: { type: 'string' },
        keep: { type: 'string' },
        more: { type: 'boolean' },
        library: { type: 'string' },
        profile: { type: 'string' },
        out: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}\nbench/README.md has the options.`);
  }
}
