import type { CommandName, Commands, LogEntry, MyRoom, ServerEnvelope, SyncedRoom } from '@parley/contract';
import fc from 'fast-check';
import { added, HandLine, removed, reply } from '../testing/hand-line';
import { ManualClock } from '../testing/manual-clock';
import { ME, message, myRoom, system, welcome } from '../testing/samples';
import { ChatClient } from './chat-client';
import type { Fault } from './fault';

let line: HandLine;
let client: ChatClient;
let clock: ManualClock;
let faults: Fault[];

function makeClient(): void {
  line = new HandLine();
  clock = new ManualClock();
  faults = [];
  client = new ChatClient({ clock, random: () => 0, socket: line.socket });
  client.faults$.subscribe((fault) => faults.push(fault));
}

beforeEach(makeClient);
afterEach(() => client.close());

/** Lets everything that is already settled be noticed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

async function connected(rooms: MyRoom[]): Promise<void> {
  void client.connect('ws://hand/ws', () => 'token');
  await settle();
  line.deliver(reply(line.take('authenticate'), welcome(rooms)));
}

/** Lets the line drop and come back; the server has not answered yet. */
async function reconnecting(): Promise<ReturnType<typeof line.take<'authenticate'>>> {
  line.cut();
  client.retryNow();
  await settle();
  return line.take('authenticate');
}

/** Whether the client takes this person for a member of the room. */
function isIn(id = 'r1'): boolean {
  return client.room(id)?.gone === null;
}

interface Case<C extends CommandName = CommandName> {
  title: string;
  before: MyRoom[];
  command: C;
  data: Commands[C]['data'];
  answer: Commands[C]['reply'];
  then: ServerEnvelope[];
  isIn: boolean;
}

function made<C extends CommandName>(one: Case<C>): Case {
  return one as Case<CommandName>;
}

const CASES = [
  made({
    title: 'a leave, and somebody adds me again',
    before: [myRoom(1)],
    command: 'leaveRoom',
    data: { room: 'r1' },
    answer: { room: 'r1' },
    then: [removed('r1'), added(myRoom(3))],
    isIn: true,
  }),
  made({
    title: 'a join, and another session of mine leaves',
    before: [],
    command: 'joinRoom',
    data: { room: 'r1' },
    answer: myRoom(1),
    then: [added(myRoom(1)), removed('r1')],
    isIn: false,
  }),
  made({
    title: 'a new room that is deleted at once',
    before: [],
    command: 'createGroup',
    data: { name: 'Short', users: [] },
    answer: myRoom(0),
    then: [added(myRoom(0)), removed('r1', 'deleted')],
    isIn: false,
  }),
  made({
    title: 'members added, and my own end',
    before: [myRoom(1)],
    command: 'addMembers',
    data: { room: 'r1', users: ['u'] },
    answer: myRoom(2),
    then: [{ event: 'system', data: system(2, 'join', { user: { id: 'u', name: 'U' } }) }, removed('r1')],
    isIn: false,
  }),
  made({
    title: 'a private chat left and opened anew',
    before: [myRoom(1)],
    command: 'openPrivateRoom',
    data: { user: 'other' },
    answer: myRoom(3),
    then: [removed('r1'), added(myRoom(5))],
    isIn: true,
  }),
  made({
    title: 'a sync that tells of the end, and the next beginning',
    before: [myRoom(1)],
    command: 'sync',
    data: { seen: { r1: 1 } },
    answer: { rooms: { r1: { gone: true } } },
    then: [added(myRoom(3))],
    isIn: true,
  }),
  made({
    title: 'a sync that tells of entries, and the end',
    before: [myRoom(1)],
    command: 'sync',
    data: { seen: { r1: 1 } },
    answer: { rooms: { r1: { reset: false, entries: [message(2)] } } },
    then: [removed('r1')],
    isIn: false,
  }),
];

describe.each([false, true])('a reply and the events behind it in one frame, the room watched: %j', (isWatched) => {
  beforeEach(() => {
    if (isWatched) client.room$('r1').subscribe();
  });

  it.each(CASES)('$title', async ({ before, command, data, answer, then, isIn: expected }) => {
    await connected(before);
    const sent = client.send(command, data).then(() => isIn());
    await settle();
    line.deliver(reply(line.take(command), answer), ...then);
    expect(isIn()).toBe(expected);
    expect(await sent).toBe(expected);
    await settle();
    expect(isIn()).toBe(expected);
    expect(faults).toEqual([]);
  });

  it('a sync that the client asked for by itself, and the next beginning', async () => {
    await connected([myRoom(1)]);
    line.deliver({ event: 'messagePosted', data: message(4) });
    line.deliver(reply(line.take('sync'), { rooms: { r1: { gone: true } } }), added(myRoom(7)));
    expect(isIn()).toBe(true);
    await settle();
    expect(isIn()).toBe(true);
    expect(client.room('r1')?.room.seq).toBe(7);
  });

  it('a welcome, what was missed, and the next beginning', async () => {
    await connected([myRoom(1)]);
    const hello = await reconnecting();
    const missed: ServerEnvelope = { event: 'synced', data: { rooms: { r1: { gone: true } } } };
    line.deliver(reply(hello, welcome([])), missed, added(myRoom(3)));
    expect(isIn()).toBe(true);
    await settle();
    expect(isIn()).toBe(true);
  });

  it('a welcome, what was missed, and the end', async () => {
    await connected([myRoom(1)]);
    const hello = await reconnecting();
    const rooms: Record<string, SyncedRoom> = { r1: { reset: false, entries: [message(2)] } };
    line.deliver(reply(hello, welcome([myRoom(2)])), { event: 'synced', data: { rooms } }, removed('r1'));
    expect(isIn()).toBe(false);
    await settle();
    expect(isIn()).toBe(false);
  });
});

describe('a reply', () => {
  it('does what it does before the frame has ended, and is told with it', async () => {
    await connected([myRoom(1)]);
    const told: number[] = [];
    client.rooms$.subscribe((rooms) => told.push(rooms.length));
    const left = client.send('leaveRoom', { room: 'r1' });
    line.deliver(reply(line.take('leaveRoom'), { room: 'r1' }), removed('r1'), added(myRoom(3)));
    await left;
    expect(told).toEqual([1, 1]);
  });

  it('of the wrong shape fails its command, and only that', async () => {
    await connected([myRoom(1)]);
    const left = client.send('leaveRoom', { room: 'r1' });
    line.deliver(reply(line.take('leaveRoom'), null), { event: 'messagePosted', data: message(2) });
    await expect(left).rejects.toMatchObject({ code: 'BAD_ANSWER' });
    expect(client.room('r1')).toMatchObject({ gone: null, room: { seq: 2 } });
  });

  it('to sync settles the messages whose entries it brings, and none of it counts if an entry has no place', async () => {
    await connected([myRoom(1)]);
    const posted = client.postMessage({ room: 'r1', text: 'Hi' });
    await settle();
    const clientId = line.take('postMessage')!.data.clientId;
    line.deliver({ event: 'messagePosted', data: message(3) });
    const own = message(2, { sender: ME, clientId });
    const asked = line.take('sync');
    const odd = client.send('sync', { seen: { r1: 1 } });
    const broken = { reset: false, entries: [{ ...own, seq: 'two' }] };
    line.deliver(reply(line.take('sync'), { rooms: { r1: broken } }));
    await odd;
    expect(faults.map(({ kind }) => kind)).toEqual(['badEntry']);
    line.deliver(reply(asked, { rooms: { r1: { reset: false, entries: [own] } } }));
    expect(await posted).toMatchObject({ seq: 2 });
    expect(client.room('r1')).toMatchObject({ pending: [], held: [], room: { seq: 3 } });
  });
});

/** The server's side of one room, and all that it says to one session of a person, in its order. */
class Membership {
  readonly said: ServerEnvelope[] = [];
  isIn = true;
  #log: LogEntry[] = [message(1)];

  get seq(): number {
    return this.#log.length;
  }

  room(): MyRoom {
    return myRoom(this.seq, { last: this.#log.at(-1)! });
  }

  /** Becomes a member or ceases to be one; `answer` makes the reply, which comes before what it has brought about. */
  toggle(answer?: (data: unknown) => ServerEnvelope): void {
    this.isIn = !this.isIn;
    this.#log.push(system(this.seq + 1, this.isIn ? 'join' : 'leave', { user: ME, role: 'owner' }));
    if (answer) this.said.push(answer(this.isIn ? this.room() : { room: 'r1' }));
    this.said.push(this.isIn ? added(this.room()) : removed('r1'));
  }

  say(): void {
    const entry = message(this.seq + 1);
    this.#log.push(entry);
    if (this.isIn) this.said.push({ event: 'messagePosted', data: entry });
  }

  synced(after: number): SyncedRoom {
    return this.isIn ? { reset: false, entries: this.#log.slice(after) } : { gone: true };
  }
}

type Step = 'mine' | 'others' | 'say' | 'sync' | 'frame';

async function take(step: Step, server: Membership): Promise<void> {
  if (step === 'mine') await toggleMyself(server);
  if (step === 'others') server.toggle();
  if (step === 'say') server.say();
  if (step === 'sync') void client.send('sync', { seen: { r1: client.room('r1')?.room.seq ?? 0 } });
  if (step === 'frame') line.deliver(...server.said.splice(0));
  answerSyncs(server);
}

async function toggleMyself(server: Membership): Promise<void> {
  const command = server.isIn ? 'leaveRoom' : 'joinRoom';
  void client.send(command, { room: 'r1' });
  await settle();
  server.toggle((data) => reply(line.take(command), data));
}

function answerSyncs(server: Membership): void {
  for (let frame = line.take('sync'); frame; frame = line.take('sync'))
    server.said.push(reply(frame, { rooms: { r1: server.synced(frame.data.seen['r1'] ?? 0) } }));
}

/** Answers what the client still asks for; it waits a little where an answer was overtaken by the next membership. */
async function comeToRest(server: Membership): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await settle();
    clock.advance(1_000);
    await take('frame', server);
  }
}

it('whatever is said of a membership, in whatever frames: what counts is what was said last', async () => {
  const step = fc.constantFrom<Step[]>('mine', 'mine', 'others', 'others', 'say', 'sync', 'frame');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, isWatched) => {
      makeClient();
      if (isWatched) client.room$('r1').subscribe();
      const server = new Membership();
      await connected([server.room()]);
      for (const one of steps) await take(one, server);
      await take('frame', server);
      expect(isIn()).toBe(server.isIn);
      await comeToRest(server);
      expect(isIn()).toBe(server.isIn);
      if (server.isIn) expect(client.room('r1')?.room.seq).toBe(server.seq);
      expect(faults).toEqual([]);
      client.close();
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 300 },
  );
});
