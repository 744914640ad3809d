/** `npm run bench`: the project and its peer, measured in one run. README.md has the options. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { build, fail, inRoot, install, nodePath, say } from '../scripts/setup.mjs';
import { describeMachine, openFilesAllowed } from './machine.mjs';
import { CONTENDERS, measure } from './measure.mjs';
import { page } from './report.mjs';
import { SCENARIOS, SMOKE, peopleOf } from './scenarios.mjs';
import { World } from './world.mjs';

/** Beside the connections: what a process has open anyway. */
const FILES_BESIDE = 200;

const THOROUGH = { rounds: 5, times: { warmMs: 1_000, measureMs: 4_000, messages: 300 } };
const QUICK = { rounds: 3, times: { warmMs: 500, measureMs: 1_500, messages: 100 } };
const SMOKING = { rounds: 1, times: { warmMs: 50, measureMs: 150, messages: 10 } };

const options = readOptions();
const plan = { ...(options.smoke ? SMOKING : options.quick ? QUICK : THOROUGH) };
if (options.rounds !== undefined) plan.rounds = Number(options.rounds);
const scenarios = chosen().map(fitToOpenFiles);
const contenders = options.only ? [options.only] : Object.keys(CONTENDERS);
const complete = !options.smoke && !options.quick && !options.only && !options.profile && !options.scenario;
const out = options.out ?? (complete ? inRoot('bench/RESULTS.md') : undefined);

await main();

async function main() {
  if (!options.main) {
    install();
    build();
  }
  const directory = options.directory ?? tmpdir();
  if (options.profile) mkdirSync(options.profile, { recursive: true });
  const node = nodePath();
  const machine = describeMachine(node, directory);
  const world = new World(node, options.main ?? inRoot('dist/apps/api/src/main.js'), directory);
  process.once('exit', () => world.remove());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const people = Math.max(...scenarios.map(peopleOf));
  const started = performance.now();
  await world.build(people, scenarios);
  const setUpSeconds = (performance.now() - started) / 1_000;
  say(`${people} people and their rooms are there after ${setUpSeconds.toFixed(1)} s.`);
  const measured = await measureAll({ node, world, times: plan.times, profileInto: options.profile });
  const text = page({ machine, measured, ...plan, setUpSeconds, people });
  console.log(`\n${text}`);
  if (out) writeFileSync(out, text);
}

async function measureAll(setting) {
  const measured = scenarios.map((scenario) => ({
    scenario,
    results: Object.fromEntries(contenders.map((name) => [name, []])),
  }));
  for (let round = 1; round <= plan.rounds; round++) {
    for (const { scenario, results } of measured) {
      for (const name of contenders) {
        const result = await measure(name, scenario, setting);
        results[name].push(result);
        say(`round ${round}, (${scenario.key}), ${name}: ${headline(result)}`);
      }
    }
  }
  return measured;
}

function headline({ deliveriesPerSecond, delivery, rssEach, otherCores }) {
  if (rssEach !== undefined) return `${(rssEach / 1_024).toFixed(1)} KiB a connection`;
  const latency = `p50 ${delivery.p50.toFixed(2)} ms, p99 ${delivery.p99.toFixed(2)} ms`;
  if (deliveriesPerSecond === undefined) return latency;
  return `${Math.round(deliveriesPerSecond)} deliveries a second, ${latency} (others: ${otherCores.toFixed(2)} cores)`;
}

function chosen() {
  if (options.smoke) return SMOKE;
  if (!options.scenario) return SCENARIOS.filter(({ later }) => !later);
  const keys = options.scenario.flatMap((each) => each.split(','));
  const unknown = keys.find((key) => !SCENARIOS.some((scenario) => scenario.key === key));
  if (unknown !== undefined)
    fail(`There is no scenario ${unknown}: ${SCENARIOS.map(({ key, title }) => `\n  ${key}  ${title}`).join('')}`);
  return SCENARIOS.filter(({ key }) => keys.includes(key));
}

function fitToOpenFiles(scenario) {
  const places = openFilesAllowed() - FILES_BESIDE;
  if (!(scenario.connections > places)) return scenario;
  say(`Only ${places} connections fit into this system's limit of open files (ulimit -Hn).`);
  return { ...scenario, connections: places };
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        scenario: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        smoke: { type: 'boolean' },
        only: { type: 'string' },
        main: { type: 'string' },
        directory: { type: 'string' },
        profile: { type: 'string' },
        out: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return fail(`${error.message}\nbench/README.md has the options.`);
  }
}
