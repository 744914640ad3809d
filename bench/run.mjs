/** `npm run bench`: the project and its peer, measured in one run. See README.md. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { tmpdir } from 'node:os';
import { build, fail, inRoot, install, nodePath, say } from '../scripts/setup.mjs';
import { CONTENDERS, measure } from './measure.mjs';
import { SCENARIOS, SMOKE, peopleOf } from './scenarios.mjs';
import { World } from './world.mjs';

const { values: options } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    smoke: { type: 'boolean' },
    only: { type: 'string' },
    main: { type: 'string' },
    directory: { type: 'string' },
    profile: { type: 'string' },
  },
});

const setting = {
  node: nodePath(),
  world: undefined,
  profileInto: options.profile,
  times: { warmMs: 1_000, measureMs: 4_000, messages: 300 },
};

const results = [];
const scenarios = options.smoke ? SMOKE : SCENARIOS.filter(({ key, later }) => options.scenario ? options.scenario.includes(key) : !later);
setting.world = new World(setting.node, options.main ?? inRoot('dist/apps/api/src/main.js'), options.directory ?? tmpdir());
const t=Date.now();
await setting.world.build(Math.max(...scenarios.map(peopleOf)), scenarios);
say(`set up in ${Date.now()-t}`);
for (let round=1; round <= Number(options.rounds ?? 5); round++) for (const s of scenarios) for (const c of options.only ? [options.only] : Object.keys(CONTENDERS)) {
  const r = await measure(c, s, setting);
  console.log(c, s.key, JSON.stringify(r));
}
setting.world.remove();
