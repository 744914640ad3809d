/** Turns measurements into a page. */

const CONTENDER_TITLES = { plain: 'plain `ws`', parley: 'Parley' };

/** Cores that others may use before the numbers are called provisional. */
const OTHERS_ALLOWED = 0.2;

/** The median, number by number, of several measurements of one thing. */
export function medians(rounds) {
  const [first] = rounds;
  if (typeof first === 'number') return median(rounds);
  if (typeof first !== 'object' || first === null) return first;
  return Object.fromEntries(Object.keys(first).map((key) => [key, medians(rounds.map((round) => round[key]))]));
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}

/** The whole page, in Markdown. `measured`: for each scenario its rounds by contender. */
export function page({ machine, measured, rounds, times, setUpSeconds, people }) {
  return [
    '# What was measured',
    '',
    'Written by `npm run bench`; [README.md](README.md) says how it measures and why.',
    '',
    ...describe(machine, { rounds, times, setUpSeconds, people, others: busiestOthers(measured) }),
    '## Against what was promised',
    '',
    '| scenario | promised | measured | |',
    '|---|---|---|---|',
    ...measured.flatMap(({ scenario, results }) => verdicts(scenario, results)),
    '',
    ...measured.flatMap(({ scenario, results }) => section(scenario, results)),
  ].join('\n');
}

function busiestOthers(measured) {
  const all = measured.flatMap(({ results }) => Object.values(results).flat());
  return Math.max(0, ...all.map(({ otherCores = 0 }) => otherCores));
}

function describe(machine, { rounds, times, setUpSeconds, people, others }) {
  const { sync } = machine;
  return [
    `- **Machine**: ${machine.processor}, ${machine.memory}, ${machine.system}, Node ${machine.node}; ${machine.date} UTC. The server under test`,
    '  and the load generator are two processes on these cores, and the project’s database is a second thread in its own.',
    `- **Disk**: ${machine.disk}; appending 4 KiB and waiting for the disk takes ${ms(sync.p50)} ms (p50), ${ms(sync.p99)} ms (p99).`,
    `- **Rounds**: ${rounds}, in turn (peer, project, peer, project, …), each with a new server, a new generator and a copy of the same`,
    `  database; ${times.warmMs / 1_000} s of warming up, ${times.measureMs / 1_000} s measured. Every number is the median of the rounds.`,
    `- **Others**: beside server and generator, up to ${others.toFixed(2)} cores were busy during a measurement. ${others > OTHERS_ALLOWED ? '**Something else was running: these numbers are provisional.**' : 'Nothing else was running.'}`,
    `- **Set-up**: ${people} people signed up and in through REST (argon2id) in ${setUpSeconds.toFixed(0)} s, once; not measured.`,
    '',
  ];
}

function verdicts({ key, title, kind, target }, { plain, parley }) {
  if (!target || !plain || !parley) return [];
  const row = (promised, measured, kept) =>
    `| (${key}) ${title} | ${promised} | ${measured} | ${kept ? 'kept' : '**missed**'} |`;
  const [peer, own] = [medians(plain), medians(parley)];
  if (kind === 'idle') {
    const ratio = own.rssEach / peer.rssEach;
    return [
      row(
        `at most ${target.ratio} × the plain server’s memory a connection`,
        `${ratio.toFixed(2)} ×`,
        ratio <= target.ratio,
      ),
    ];
  }
  const delays = { p50: own.delivery.p50 - peer.delivery.p50, p99: own.delivery.p99 - peer.delivery.p99 };
  if (kind === 'lone') {
    return ['p50', 'p99'].map((which) =>
      row(
        `${which} within ${target[which]} ms of the plain server’s`,
        `${signed(delays[which])} ms`,
        delays[which] <= target[which],
      ),
    );
  }
  const ratio = own.deliveriesPerSecond / peer.deliveriesPerSecond;
  return [
    row(
      `at least ${target.ratio} × the plain server’s deliveries a second`,
      `${ratio.toFixed(2)} ×`,
      ratio >= target.ratio,
    ),
    row(
      'p99 no worse than the plain server’s',
      `${ms(own.delivery.p99)} ms against ${ms(peer.delivery.p99)} ms`,
      delays.p99 <= 0,
    ),
  ];
}

function section(scenario, results) {
  const { key, title } = scenario;
  return [`## (${key}) ${title}`, '', howTaken(scenario), '', ...TABLES[scenario.kind](results), ''];
}

function howTaken({ kind, rooms, senders, inFlight, connections, accounts, everyMs }) {
  if (kind === 'idle') {
    return (
      `${whole(connections)} connections of ${whole(accounts)} people (${connections / accounts} each; all but the first of a person use the same ` +
      'sign-in), each signed in and answered. They come 250 at a time, and garbage is collected after each time: what is measured is what ' +
      'connections keep. V8’s young generation, which a rush of sign-ins makes grow by up to 64 MiB in either server whatever the number of ' +
      'connections, is given back by that collection. Resident memory of the ' +
      'server process before and after, divided by the number of connections; 250 others had come and gone before. Heap: `heapUsed` and `external`, likewise.'
    );
  }
  if (kind === 'lone') {
    return `One message every ${everyMs} ms in a room that is otherwise silent; the time from posting it until its sender has their own copy (delivery) and, from Parley, the reply, which comes after the message is on disk.`;
  }
  const people = new Set(rooms.flat()).size;
  return (
    `${whole(people)} connections, ${senders} of each room post, each sender with ${inFlight} messages in flight: as soon as one is through, the next goes. ` +
    'Through means: the sender has their own copy and, from Parley, the reply, which comes after the message is on disk; the plain server sends no ' +
    'replies. Latency: from posting to the sender’s own copy. Every member’s copies are counted.'
  );
}

const TABLES = {
  stream: (results) =>
    table(results, [
      ['deliveries a second', ({ deliveriesPerSecond }) => whole(deliveriesPerSecond)],
      ['in the rounds', (_, rounds) => spread(rounds.map(({ deliveriesPerSecond }) => deliveriesPerSecond))],
      ['messages a second', ({ postsPerSecond }) => whole(postsPerSecond)],
      ['delivery p50, ms', ({ delivery }) => ms(delivery.p50)],
      ['delivery p99, ms', ({ delivery }) => ms(delivery.p99)],
      ['reply p50, ms', ({ reply }) => (reply ? ms(reply.p50) : '–')],
      ['reply p99, ms', ({ reply }) => (reply ? ms(reply.p99) : '–')],
      ['server, cores busy', ({ serverCores }) => serverCores.toFixed(2)],
      ['of these its main thread', ({ serverMainCores }) => serverMainCores.toFixed(2)],
      ['server CPU a message, µs', ({ serverMicrosPerPost }) => serverMicrosPerPost.toFixed(1)],
      ['generator, cores busy', ({ generatorCores }) => generatorCores.toFixed(2)],
      [
        'what it could count with a core to itself, a second',
        ({ generatorMicrosPerDelivery }) => whole(1e6 / generatorMicrosPerDelivery),
      ],
      ['everything else on the machine, cores busy', ({ otherCores }) => Math.max(0, otherCores).toFixed(2)],
    ]),
  lone: (results) =>
    table(results, [
      ['delivery p50, ms', ({ delivery }) => ms(delivery.p50)],
      ['delivery p99, ms', ({ delivery }) => ms(delivery.p99)],
      ['reply p50, ms', ({ reply }) => (reply ? ms(reply.p50) : '–')],
      ['reply p99, ms', ({ reply }) => (reply ? ms(reply.p99) : '–')],
      ['messages a round', ({ delivery }) => whole(delivery.count)],
    ]),
  idle: (results) =>
    table(results, [
      ['resident memory a connection, KiB', ({ rssEach }) => kib(rssEach)],
      ['in the rounds', (_, rounds) => rounds.map(({ rssEach }) => kib(rssEach)).join(', ')],
      ['heap a connection, KiB', ({ heapEach }) => kib(heapEach)],
      ['resident memory before, MiB', ({ rssBefore }) => (rssBefore / 2 ** 20).toFixed(1)],
      ['resident memory after, MiB', ({ rssAfter }) => (rssAfter / 2 ** 20).toFixed(1)],
      ['until all were signed in, s', ({ connectedMs }) => (connectedMs / 1_000).toFixed(2)],
    ]),
};

function table(results, rows) {
  const contenders = Object.entries(results).map(([name, rounds]) => ({ name, rounds, middle: medians(rounds) }));
  const line = (first, cell) => `| ${first} | ${contenders.map(cell).join(' | ')} |`;
  return [
    line('', ({ name }) => CONTENDER_TITLES[name]),
    `|---|${contenders.map(() => '---:').join('|')}|`,
    ...rows.map(([title, cell]) => line(title, ({ middle, rounds }) => cell(middle, rounds))),
  ];
}

const whole = (number) => Math.round(number).toLocaleString('en-US');
const ms = (number) => number.toFixed(2);
const kib = (bytes) => (bytes / 1_024).toFixed(1);
const signed = (number) => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(2)}`;
const spread = (numbers) => [...numbers].map(whole).join(', ');
