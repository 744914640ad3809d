/**
 * The load generator, a process of its own: gets a job from `run.mjs`, connects everybody, has them talk, counts.
 *
 * Counting is the same for every server and as cheap as it can be: a delivery is one `"messagePosted"` in the bytes
 * that a member receives. A sender also looks for its own mark in the bytes, which gives the time from posting to its own
 * delivery, and (where the server replies) for the reply's id. What that cannot see is seen before and after: in a
 * checked warm-up everything is parsed and each member must have got each message once, in one order, without a gap;
 * and at the end the count must be what was posted times who was there.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { doJob, moment, percentiles, rest } from './job.mjs';
import { Wire, frame, textsOf } from './wire.mjs';

const POSTED = Buffer.from('"messagePosted"');
const REPLY = Buffer.from('"event":"reply","id":"');
const REFUSED = Buffer.from('"event":"error"');
const DIGITS = 8;
const TEXT_LENGTH = 64;
/** The shortest messagePosted envelope is longer: after a hit, that much need not be looked at. */
const STRIDE = 150;
const CHECKED_POSTS = 25;
const CONNECT_AT_ONCE = 50;
const PATIENCE_MS = 20_000;
/** After the last delivery that was due: time for one that was not. */
const SILENCE_MS = 50;

let received = 0;
let failure;
let measuring = false;
let checked;

class Member {
  constructor(account, rooms) {
    this.account = account;
    this.rooms = rooms;
  }

  async connect({ host, port, dialect }) {
    this.wire = new Wire({ host, port });
    this.wire.onEnd = (reason) => (failure ??= new Error(`A connection ended: ${reason}`));
    await this.wire.opened;
    const welcomed = new Promise((resolve) => (this.wire.onFrames = (frames) => resolve(textsOf(frames))));
    const data = dialect === 'plain' ? { ...this.account, rooms: this.rooms } : { token: this.account.token };
    this.wire.write(frame(JSON.stringify({ event: 'authenticate', id: 'welcome', data })));
    const [welcome] = await welcomed;
    if (JSON.parse(welcome).event !== 'reply') throw new Error(`authenticate: ${welcome}`);
    this.wire.onFrames = (frames) => this.receive(frames);
  }

  receive(frames) {
    received += occurrences(frames);
    if (checked) checked.note(this, frames);
  }
}

/** A member who posts: as soon as one of `inFlight` messages is through, the next one goes. */
class Sender extends Member {
  constructor(account, rooms, { index, speaksIn, inFlight, replies }) {
    super(account, rooms);
    this.mark = `@${String(index).padStart(4, '0')}.`;
    this.markBytes = Buffer.from(this.mark);
    this.speaksIn = speaksIn;
    this.frames = speaksIn.map((room) => postFrame(room, this.mark));
    this.parts = replies ? 2 : 1;
    this.inFlight = inFlight;
    this.next = 0;
    this.through = 0;
    this.limit = 0;
    this.startedAt = [];
    this.missing = [];
    this.delivery = [];
    this.reply = [];
  }

  receive(frames) {
    super.receive(frames);
    const now = performance.now();
    this.marksAfter(frames, this.markBytes, (n) => this.arrived(n, now, this.delivery));
    if (this.parts === 2) this.marksAfter(frames, REPLY, (n) => this.arrived(n, now, this.reply));
    if (frames.indexOf(REFUSED) >= 0) failure ??= new Error(`Refused: ${textsOf(frames).join().slice(0, 500)}`);
    this.fill();
  }

  /** Posts until as many are in flight as may be; what one read made room for goes out in one write. */
  fill() {
    const frames = [];
    while (this.next < this.limit && this.next - this.through < this.inFlight) frames.push(this.post());
    if (frames.length > 0) this.wire.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
  }

  post() {
    const n = this.next++;
    this.startedAt[n] = performance.now();
    this.missing[n] = this.parts;
    const { bytes, places } = this.frames[n % this.frames.length];
    const copy = Buffer.from(bytes);
    const digits = String(n).padStart(DIGITS, '0');
    for (const place of places) copy.latin1Write(digits, place);
    return copy;
  }

  arrived(n, now, times) {
    if (measuring && this.startedAt[n] >= measuring) times.push(now - this.startedAt[n]);
    if (--this.missing[n] === 0) this.through++;
  }

  marksAfter(frames, mark, found) {
    for (let at = frames.indexOf(mark); at >= 0; at = frames.indexOf(mark, at)) {
      at += mark.length;
      found(Number(frames.latin1Slice(at, at + DIGITS)));
    }
  }
}

function postFrame(room, mark) {
  const blank = '#'.repeat(DIGITS);
  const text = `${mark}${blank}`.padEnd(TEXT_LENGTH, ' lorem ipsum dolor sit amet, consectetur adipiscing elit.');
  // What grows comes first, as in the ids that the SDK makes.
  const data = { room, clientId: `${blank}.${mark.slice(1)}`, text };
  const bytes = frame(JSON.stringify({ event: 'postMessage', id: blank, data }));
  const places = [];
  for (let at = bytes.indexOf(blank); at >= 0; at = bytes.indexOf(blank, at + DIGITS)) places.push(at);
  return { bytes, places };
}

function occurrences(frames) {
  let count = 0;
  for (let at = frames.indexOf(POSTED); at >= 0; at = frames.indexOf(POSTED, at + STRIDE)) count++;
  return count;
}

/** Reads everything that arrives, and says what is wrong with it. */
class Checker {
  #got = new Map();

  note(member, frames) {
    for (const text of textsOf(frames)) {
      for (const { event, data } of [JSON.parse(text)].flat()) {
        if (event === 'messagePosted') this.#logOf(member, data.room).push(data);
      }
    }
  }

  #logOf(member, room) {
    if (!this.#got.has(member)) this.#got.set(member, new Map());
    const rooms = this.#got.get(member);
    if (!rooms.has(room)) rooms.set(room, []);
    return rooms.get(room);
  }

  verify(people, posts) {
    const orders = new Map();
    for (const member of people) {
      for (const room of member.rooms) {
        const log = this.#logOf(member, room);
        const texts = log.map(({ text }) => text);
        const wanted = posts.get(room) ?? 0;
        if (texts.length !== wanted || new Set(texts).size !== wanted) {
          throw new Error(`A member got ${texts.length} messages (${new Set(texts).size} different) of ${wanted}.`);
        }
        if (log.some(({ seq }, at) => seq !== log[0].seq + at))
          throw new Error('A gap, a repeat or a wrong order in seq.');
        const order = texts.join();
        if ((orders.get(room) ?? order) !== order) throw new Error('Two members of a room saw two orders.');
        orders.set(room, order);
      }
    }
  }
}

async function run(job) {
  const { people, senders } = cast(job);
  if (job.kind === 'idle') return connectInWaves(people, job);
  await connectAll(people, job);
  await checkedWarmUp(people, senders);
  return job.kind === 'lone' ? lone(senders[0], job) : stream(people, senders, job);
}

/** Who plays: a member for each account of a room; the first ones of each room speak. */
function cast(job) {
  if (job.kind === 'idle') {
    const people = Array.from(
      { length: job.connections },
      (_, at) => new Member(job.accounts[at % job.accounts.length], []),
    );
    return { people, senders: [] };
  }
  const rooms = job.accounts.map(() => []);
  const speaksIn = job.accounts.map(() => []);
  for (const { id, members } of job.rooms) {
    members.forEach((member) => rooms[member].push(id));
    members.slice(0, job.senders).forEach((member) => speaksIn[member].push(id));
  }
  const people = job.accounts.map((account, index) =>
    speaksIn[index].length > 0
      ? new Sender(account, rooms[index], {
          index,
          speaksIn: speaksIn[index],
          inFlight: job.inFlight,
          replies: job.dialect !== 'plain',
        })
      : new Member(account, rooms[index]),
  );
  return { people, senders: people.filter((person) => person instanceof Sender) };
}

/** Opens connections that stay; after each wave whoever started the generator may take a look. */
async function connectInWaves(people, job) {
  let connectedMs = 0;
  for (let from = 0; from < people.length; from += job.wave) {
    const start = performance.now();
    await connectAll(people.slice(from, from + job.wave), job);
    connectedMs += performance.now() - start;
    await moment('wave');
  }
  return { connectedMs };
}

async function connectAll(people, job) {
  let next = 0;
  const worker = async () => {
    while (next < people.length) await people[next++].connect(job);
  };
  await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, worker));
}

async function checkedWarmUp(people, senders) {
  checked = new Checker();
  for (const sender of senders) sender.limit += CHECKED_POSTS;
  senders.forEach((sender) => sender.fill());
  await drained(people, senders);
  checked.verify(people, postsByRoom(senders));
  checked = undefined;
}

function postsByRoom(senders) {
  const posts = new Map();
  for (const { next, speaksIn } of senders) {
    speaksIn.forEach((room, at) => {
      const turns = Math.ceil((next - at) / speaksIn.length);
      posts.set(room, (posts.get(room) ?? 0) + turns);
    });
  }
  return posts;
}

/** Waits until every post is through and every member has what they should have. */
async function drained(people, senders) {
  await until(() => senders.every(({ limit, next, through }) => through === next && next === limit));
  const sizes = new Map();
  for (const { rooms } of people) for (const room of rooms) sizes.set(room, (sizes.get(room) ?? 0) + 1);
  let due = 0;
  for (const [room, posts] of postsByRoom(senders)) due += posts * sizes.get(room);
  await until(() => received >= due);
  await rest(SILENCE_MS);
  if (received !== due) throw new Error(`${received} deliveries where ${due} were due.`);
}

async function until(reached) {
  const end = performance.now() + PATIENCE_MS;
  while (!reached()) {
    if (failure) throw failure;
    if (performance.now() > end)
      throw new Error(`Nothing more came within ${PATIENCE_MS} ms; ${received} deliveries so far.`);
    await rest(1);
  }
}

/** Senders post for a while as fast as they are answered; what counts is the time after the first part of it. */
async function stream(people, senders, { warmMs, measureMs }) {
  for (const sender of senders) sender.limit = Infinity;
  senders.forEach((sender) => sender.fill());
  await rest(warmMs);
  const before = snapshot(senders, 'begin');
  measuring = performance.now();
  await rest(measureMs);
  const after = snapshot(senders, 'end');
  for (const sender of senders) sender.limit = sender.next;
  await drained(people, senders);
  const seconds = (after.at - before.at) / 1_000;
  return {
    seconds,
    deliveriesPerSecond: (after.received - before.received) / seconds,
    postsPerSecond: (after.through - before.through) / seconds,
    posts: after.through - before.through,
    deliveries: after.received - before.received,
    generatorCores: (after.cpu - before.cpu) / 1_000 / (after.at - before.at),
    ...latencies(senders),
  };
}

/** One message, its answer, silence; and again. */
async function lone(sender, { messages, everyMs }) {
  measuring = performance.now();
  for (let n = 0; n < messages; n++) {
    sender.limit = sender.next + 1;
    sender.fill();
    await rest(everyMs);
    await until(() => sender.through === sender.next);
  }
  return latencies([sender]);
}

function latencies(senders) {
  const delivery = senders.flatMap((sender) => sender.delivery);
  const reply = senders.flatMap((sender) => sender.reply);
  return { delivery: percentiles(delivery), reply: reply.length > 0 ? percentiles(reply) : undefined };
}

/** Where things stand; whoever started the generator is told, and looks at the server's clock at the same moment. */
function snapshot(senders, name) {
  if (failure) throw failure;
  void moment(name);
  const { user, system } = process.cpuUsage();
  const through = senders.reduce((sum, sender) => sum + sender.through, 0);
  return { at: performance.now(), received, through, cpu: user + system };
}

doJob(run);
