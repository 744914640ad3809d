/** `npm run history -- --seconds 120 --seed 7 --nodes 3`: the history checker by hand; see test/faults/history. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { become, build, fail, install } from './setup.mjs';

const { seconds, seed, nodes } = readOptions();
process.env.HISTORY_SECONDS = seconds;
process.env.HISTORY_SEED = seed;
process.env.HISTORY_NODES = nodes;

install();
build(['server']);
become(['node_modules/jest/bin/jest.js', '--selectProjects', 'e2e', '--testPathPatterns', 'history/history.spec']);

function readOptions() {
  const options = {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    nodes: { type: 'string', default: '1' },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(`${error.message}\nnpm run history -- --seconds 120 --seed 7 --nodes 3`);
  }
}
