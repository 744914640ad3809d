/** The load on a database, a process of its own: gets a job from `measure.mjs`, asks, counts. */
import process from 'node:process';
import { UUID } from 'bson';
import { Wire } from '../../scripts/database/wire.mjs';
import { doJob, moment, percentiles, rest } from '../job.mjs';
import { INDEXES, LONG_WORK, PROBES, SCENARIOS, DOCUMENTS, entry, insert } from './scenarios.mjs';

const BATCH = 1_000;
const LOADERS = 2;
const BREATH_MS = 300;
const PROBE_EVERY_MS = 1;

const JOBS = { load, throughput, held, cursors };

/** The collection that all measurements read. */
async function load({ socket }) {
  const wires = await open(socket, LOADERS);
  await wires[0].ask({ createIndexes: 'entries', indexes: INDEXES });
  const began = performance.now();
  let at = 0;
  await each(wires, async (wire) => {
    while (at < DOCUMENTS) {
      const from = at;
      at += BATCH;
      await wire.send(
        insert(
          'entries',
          Array.from({ length: BATCH }, (_, n) => entry(from + n)),
        ),
      );
    }
  });
  return { seconds: (performance.now() - began) / 1_000 };
}

/** Each connection sends its next command as soon as the last one is answered. */
async function throughput({ socket, key, warmMs, measureMs }) {
  const { inFlight, command, each: documents = 1 } = SCENARIOS.find((scenario) => scenario.key === key);
  const wires = await open(socket, inFlight);
  await wires[0].ask({ createIndexes: 'fresh', indexes: INDEXES });
  const times = [];
  let measuring = false;
  let over = false;
  const done = each(wires, async (wire) => {
    while (!over) {
      const began = performance.now();
      await wire.send(command());
      if (measuring) times.push(performance.now() - began);
    }
  });
  await rest(warmMs);
  await moment('begin');
  measuring = true;
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await rest(measureMs);
  measuring = false;
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await moment('end');
  over = true;
  await done;
  await wires[0].ask({ drop: 'fresh' });
  return {
    seconds,
    perSecond: (times.length * documents) / seconds,
    commands: times.length,
    ...percentiles(times),
    cores: (user + system) / 1e6 / seconds,
  };
}

/** One long piece of work; how long a reader and a writer wait meanwhile. */
async function held({ socket, key }) {
  const { command, then } = LONG_WORK.find((work) => work.key === key);
  const [worker, ...probers] = await open(socket, 3);
  const waits = { read: [], write: [] };
  let over = false;
  const probing = Promise.all(
    Object.entries(PROBES).map(async ([kind, probe], at) => {
      while (!over) {
        const began = performance.now();
        await probers[at].send(probe());
        waits[kind].push(performance.now() - began);
        await rest(PROBE_EVERY_MS);
      }
    }),
  );
  await rest(BREATH_MS);
  for (const times of Object.values(waits)) times.length = 0;
  const lsid = 'txnNumber' in command ? { id: new UUID() } : undefined;
  const began = performance.now();
  await worker.ask({ ...command, lsid });
  const ms = performance.now() - began;
  const { read, write } = waits;
  over = true;
  await probing;
  if (then) await worker.ask({ ...then, lsid });
  return { ms, read: percentiles(read), write: percentiles(write) };
}

/** Cursors that stay open, until this process is told to end. */
async function cursors({ socket, count }) {
  const [wire] = await open(socket, 1);
  for (let n = 0; n < count; n++) await wire.ask({ find: 'entries', filter: { type: 'message' }, batchSize: 101 });
  return { count };
}

const open = (socket, count) => Promise.all(Array.from({ length: count }, () => Wire.open(socket)));
const each = (wires, work) => Promise.all(wires.map(work));

doJob((job) => JOBS[job.kind](job));
