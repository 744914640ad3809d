/** One measurement: a server started anew on its data, a new generator, one job. */
import { machineBusySeconds } from '../machine.mjs';
import { Generator } from '../processes.mjs';
import { CONTENDERS, cpuOf, memoryOf } from './servers.mjs';

const CURSORS = 200;

/** Makes the documents; with it, what the process occupies then, with cursors open. */
export async function load(name, setting) {
  return withServer(name, setting, async (server) => {
    const before = memoryOf(server.pid).now;
    const { seconds } = await run(server, setting, { kind: 'load' });
    const cursors = new Generator(setting.node, { script: 'database/load.mjs' });
    await cursors.run({ kind: 'cursors', socket: server.socket, count: CURSORS });
    const { now, most } = memoryOf(server.pid);
    await cursors.end();
    return { loadSeconds: seconds, own: server.own ?? before, before, now, most };
  });
}

/** How many commands a second, and how long each takes. */
export async function throughput(name, { key }, setting) {
  return withServer(name, setting, async (server) => {
    const cpu = {};
    const look = (moment) => (cpu[moment] = { server: cpuOf(server.pid), machine: machineBusySeconds() });
    const result = await run(server, setting, { kind: 'throughput', key, ...setting.times }, look);
    const [own, machine] = ['server', 'machine'].map((which) => cpu.end[which] - cpu.begin[which]);
    const serverCores = own / result.seconds;
    return {
      ...result,
      startedIn: server.startedIn,
      serverCores,
      otherCores: machine / result.seconds - serverCores - result.cores,
    };
  });
}

/** How long others wait while something lasts. */
export const held = (name, { key }, setting) =>
  withServer(name, setting, (server) => run(server, setting, { kind: 'held', key }));

async function withServer(name, setting, work) {
  const server = await CONTENDERS[name].start(setting);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function run({ socket }, { node, profileInto }, job, look) {
  const generator = new Generator(node, { script: 'database/load.mjs', profileInto });
  const result = await generator.run({ ...job, socket }, look);
  await generator.end();
  return result;
}
