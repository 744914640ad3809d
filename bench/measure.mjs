/** One measurement: a fresh server, a fresh generator, one scenario. */
import { fileURLToPath } from 'node:url';
import { machineBusySeconds } from './machine.mjs';
import { Generator, startServer } from './processes.mjs';
import { peopleOf } from './scenarios.mjs';

const PLAIN = fileURLToPath(new URL('peers/plain-ws.mjs', import.meta.url));
/**
 * Idle connections are opened this many at a time, with the garbage of each time collected before the next. As many come
 * and go before: what they leave behind (compiled code, caches) is no connection's.
 */
const WAVE = 250;
/** The contenders; each starts a server, and says how its clients speak. */
export const CONTENDERS = {
  plain: { title: 'plain ws', dialect: 'plain', start: ({ node }, options) => startServer(node, PLAIN, options) },
  parley: { title: 'Parley', dialect: 'parley', start: ({ world }, options) => world.startCopy(options) },
};

export async function measure(name, scenario, setting) {
  const { dialect, start } = CONTENDERS[name];
  const server = await start(setting, { profileInto: setting.profileInto });
  const job = {
    ...scenario,
    ...setting.times,
    host: server.host,
    port: server.port,
    dialect,
    accounts: setting.world.accounts.slice(0, peopleOf(scenario)),
    rooms: setting.world.rooms.get(scenario.key),
  };
  try {
    return scenario.kind === 'idle'
      ? await measureMemory(server, job, setting)
      : await measureTraffic(server, job, setting);
  } catch (error) {
    throw new Error(`${name}, scenario ${scenario.key}: the server said\n${server.said()}`, { cause: error });
  } finally {
    await server.stop();
  }
}

async function measureTraffic(server, job, { node, profileInto }) {
  const generator = new Generator(node, { profileInto });
  const cpu = {};
  const result = await generator.run(
    job,
    (moment) => (cpu[moment] = { ...server.cpu(), machine: machineBusySeconds() }),
  );
  await generator.end();
  if (job.kind !== 'stream') return result;
  const [all, main, machine] = ['all', 'main', 'machine'].map((which) => cpu.end[which] - cpu.begin[which]);
  return {
    ...result,
    serverCores: all / result.seconds,
    serverMainCores: main / result.seconds,
    serverMicrosPerPost: (all * 1e6) / result.posts,
    otherCores: (machine - all) / result.seconds - result.generatorCores,
    generatorMicrosPerDelivery: (result.generatorCores * result.seconds * 1e6) / result.deliveries,
  };
}

async function measureMemory(server, job, { node }) {
  const open = async (connections) => {
    const generator = new Generator(node);
    const result = await generator.run({ ...job, connections, wave: WAVE }, () => server.memory('collect'));
    return { generator, result };
  };
  const rehearsal = await open(Math.min(WAVE, job.connections));
  await rehearsal.generator.end();
  const before = await server.memory();
  const { generator, result } = await open(job.connections);
  const after = await server.memory();
  await generator.end();
  const each = (what) => (after[what] - before[what]) / job.connections;
  const heapEach = each('heapUsed') + each('external');
  return { ...result, rssBefore: before.rss, rssAfter: after.rss, rssEach: each('rss'), heapEach };
}
