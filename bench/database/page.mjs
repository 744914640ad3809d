/** Turns measurements into bench/DATABASE.md. */
import { medians } from '../report.mjs';
import { DOCUMENTS, LONG_WORK, SCENARIOS } from './scenarios.mjs';
import { CONTENDERS } from './servers.mjs';

const MOST_MEMORY_MIB = 150;
const LONGEST_START_MS = 1_000;
const LONGEST_WAIT_MS = 20;

/** The whole page, in Markdown. `measured`: for each scenario its rounds by contender. */
export function page({ machine, measured, times }) {
  const of = (key, name) => measured[key]?.[name];
  const compared = SCENARIOS.filter(({ key }) => of(key, 'mongod') && of(key, 'embedded'));
  const lasting = LONG_WORK.filter(({ key }) => of(key, 'mongod') && of(key, 'embedded'));
  const rounds = Math.min(...compared.map(({ key }) => of(key, 'embedded').length));
  return [
    '# The embedded database and mongod',
    '',
    'Written by `npm run bench:database`; [README.md](README.md) says how it measures.',
    '',
    ...describe(
      machine,
      rounds,
      times,
      compared
        .map(({ key }) => of(key, 'embedded'))
        .concat(compared.map(({ key }) => of(key, 'mongod')))
        .flat(),
    ),
    '## Commands a second',
    '',
    '`×`: what the embedded database does of what mongod does in the same time.',
    '',
    '| | in flight | mongod | embedded | × | asked | | p50, ms | p99, ms |',
    '|---|---:|---:|---:|---:|---:|---|---:|---:|',
    ...compared.map((scenario) => speed(scenario, of(scenario.key, 'mongod'), of(scenario.key, 'embedded'))),
    '',
    'p50 and p99: mongod / embedded. The rounds, mongod and embedded:',
    '',
    ...compared.map(({ key, title }) => `- ${title}: ${spread(of(key, 'mongod'))}; ${spread(of(key, 'embedded'))}`),
    '',
    '## What others wait for while something lasts',
    '',
    `The longest waits, in ms, of one who reads a document by its \`_id\` and of one who changes another, all the while that the`,
    'work takes: the worst of all rounds (and the median of the rounds’ worst), of which there are two. The work’s own time is a median.',
    '',
    '| | mongod takes | reader | writer | embedded takes | reader | writer | at most 20 ms |',
    '|---|---:|---:|---:|---:|---:|---:|---|',
    ...lasting.map((work) => waits(work, of(work.key, 'mongod'), of(work.key, 'embedded'))),
    '',
    ...memory(
      measured.load,
      compared.flatMap(({ key }) => of(key, 'embedded')),
    ),
  ].join('\n');
}

function describe(machine, rounds, times, measurements) {
  const others = Math.max(0, ...measurements.map(({ otherCores }) => otherCores));
  return [
    `- **Machine**: ${machine.processor}, ${machine.memory}, ${machine.system}, Node ${machine.node}; ${machine.date} UTC. Database and load generator`,
    '  are two processes on these cores, and speak through a Unix socket.',
    `- **Disk**: ${machine.disk}; appending 4 KiB and waiting for the disk takes ${machine.sync.p50.toFixed(2)} ms (p50), ${machine.sync.p99.toFixed(2)} ms (p99).`,
    `- **Rounds**: ${rounds}, in turn (mongod, embedded, mongod, …), each with both processes new; ${times.warmMs / 1_000} s of warming up, ${times.measureMs / 1_000} s measured.`,
    '  Every number is the median of the rounds, where it does not say otherwise.',
    `- **Data**: ${whole(DOCUMENTS)} entries of rooms’ logs with the product’s indexes. All writes are journaled (\`j: true\`, \`w: "majority"\`).`,
    `- **Others**: beside the two, up to ${others.toFixed(2)} cores were busy during a measurement.`,
    '',
  ];
}

function speed({ title, inFlight, ratio }, mongod, embedded) {
  const [peer, own] = [medians(mongod), medians(embedded)];
  const times = own.perSecond / peer.perSecond;
  const both = (what) => `${ms(peer[what])} / ${ms(own[what])}`;
  const cells = [title, inFlight, whole(peer.perSecond), whole(own.perSecond), times.toFixed(2), `≥ ${ratio}`];
  return `| ${[...cells, times >= ratio ? 'kept' : '**missed**', both('p50'), both('p99')].join(' | ')} |`;
}

function waits({ title }, mongod, embedded) {
  const [peer, own] = [medians(mongod), medians(embedded)];
  const worst = (rounds, who) => Math.max(...rounds.map((round) => round[who].max));
  const both = (rounds, middle, who) => `${worst(rounds, who).toFixed(1)} (${middle[who].max.toFixed(1)})`;
  const cells = [
    ...[title, whole(peer.ms), both(mongod, peer, 'read'), both(mongod, peer, 'write')],
    ...[whole(own.ms), both(embedded, own, 'read'), both(embedded, own, 'write')],
  ];
  const kept = worst(embedded, 'read') <= LONGEST_WAIT_MS && worst(embedded, 'write') <= LONGEST_WAIT_MS;
  return `| ${[...cells, kept ? 'kept' : '**missed**'].join(' | ')} |`;
}

function memory(loads, embedded) {
  const cell = (name, value) => value(medians(loads[name]));
  const row = (title, value) =>
    `| ${title} | ${Object.keys(CONTENDERS)
      .map((name) => (loads[name] ? cell(name, value) : '–'))
      .join(' | ')} |`;
  const above = medians(loads.embedded).now - medians(loads.embedded).own;
  const starts = embedded.map(({ startedIn }) => startedIn);
  return [
    `## Memory and start, with ${whole(DOCUMENTS)} documents`,
    '',
    'Right after the documents were inserted into an empty database, 1,000 a command, with 200 cursors open.',
    '',
    `| | ${Object.values(CONTENDERS)
      .map(({ title }) => title)
      .join(' | ')} |`,
    '|---|---:|---:|',
    row('inserted in, s', ({ loadSeconds }) => loadSeconds.toFixed(1)),
    row('the process before, MiB', ({ own }) => mib(own)),
    row('with the empty database, MiB', ({ before }) => mib(before)),
    row('after, MiB', ({ now }) => mib(now)),
    row('at most, MiB', ({ most }) => mib(most)),
    '',
    `- The embedded database takes ${mib(above)} MiB above the process’s own (asked: at most ${MOST_MEMORY_MIB}): ${verdict(above <= MOST_MEMORY_MIB * 2 ** 20)}.`,
    `- It starts on these documents in ${whole(medians(starts))} ms, at most ${whole(Math.max(...starts))} ms, of ${starts.length} times (asked: under ${whole(LONGEST_START_MS)}): ${verdict(Math.max(...starts) < LONGEST_START_MS)}.`,
    '',
  ];
}

const verdict = (kept) => (kept ? 'kept' : '**missed**');
const whole = (number) => Math.round(number).toLocaleString('en-US');
const ms = (number) => number.toFixed(2);
const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);
const spread = (rounds) => rounds.map(({ perSecond }) => whole(perSecond)).join(', ');
