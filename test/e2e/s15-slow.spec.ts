import { LIMITS, type MyRoom } from '@parley/contract';
import { nodeSocket } from '@parley/sdk/node';
import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import type { Person } from '../support/people';

/** As large as a message can be: 24 kB on the wire. */
const LARGE = '語'.repeat(8_000);

describe('Slow and dead connections', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let cuc: Person;
  let room: MyRoom;
  let speaker: ChatPeer;
  let listener: ChatPeer;

  afterEach(() => parley.stop());

  async function start(environment: Record<string, string>): Promise<void> {
    parley = await Parley.start(environment);
    [an, binh, cuc] = (await parley.persons('An', 'Bình', 'Cúc')) as [Person, Person, Person];
    room = await an.rest.createRoom({ name: 'Busy', users: [binh.id, cuc.id] });
    [speaker, listener] = [await an.opensPeer(), await binh.opensPeer()];
  }

  let posts = 0;
  const post = (text: string) => speaker.asks('postMessage', { room: room.id, clientId: `c${++posts}`, text });

  /** Posts until the server has given a connection up, and some more. */
  async function overwhelms(person: Person): Promise<number> {
    const [end] = parley.connectionsOf(person);
    let seq = 0;
    while (!end!.closed && seq < 3_000) ({ seq } = await post(LARGE));
    expect(end!.closed).toBe(true);
    for (let count = 0; count < 20; count++) ({ seq } = await post('and more'));
    return seq;
  }

  const upTo = (seq: number) => Array.from({ length: seq }, (_, index) => index + 1);
  const seqs = (peer: ChatPeer) => peer.entriesOf(room.id).map(({ seq }) => seq);

  it('Law 6 S15 a peer that stops reading holds nobody up, is closed with 4429, and resumes whole by sync', async () => {
    await start({ QUEUE_BYTES: '65536' });
    const slow = await cuc.opensPeer();
    slow.stopsReading();
    const last = await overwhelms(cuc);
    await listener.hears('messagePosted', ({ seq }) => seq === last);
    expect(seqs(listener)).toEqual(upTo(last));

    slow.readsOn();
    expect(await slow.closes()).toMatchObject({ code: 4429 });
    const had = seqs(slow);
    expect(had).toEqual(upTo(had.length));
    expect(had.length).toBeLessThan(last);

    const again = await cuc.opensSocket();
    await again.authenticates(cuc.token, { [room.id]: had.length });
    const { rooms } = await again.hears('synced');
    const missed = rooms[room.id] as { reset: boolean; entries: { seq: number }[] };
    expect(missed.reset).toBe(false);
    expect([...had, ...missed.entries.map(({ seq }) => seq)]).toEqual(upTo(last));
  });

  it('S15 a client of the sdk that was given up has everything once it reads again', async () => {
    await start({ QUEUE_BYTES: '65536' });
    const wires: Socket[] = [];
    const createConnection = (options: NetConnectOpts): Socket => {
      const wire = connect(options);
      wires.push(wire);
      return wire;
    };
    const client = await cuc.connects({
      socket: nodeSocket({ createConnection: createConnection as never }),
      keepEntries: 5_000,
    });
    const state$ = client.room$(room.id);
    state$.subscribe();
    wires[0]!.pause();
    const last = await overwhelms(cuc);
    wires[0]!.resume();

    const whole = await within(
      'all entries',
      firstValueFrom(state$.pipe(filter((state) => state?.entries.at(-1)?.seq === last))),
    );
    expect(wires.length).toBeGreaterThan(1);
    expect(whole!.entries.map(({ seq }) => seq)).toEqual(upTo(last));
    expect(whole!.room).toMatchObject({ seq: last, unread: Math.min(last, LIMITS.unreadCounted) });
  });

  it('S15 a connection that has died without a word holds nobody up and is cut', async () => {
    await start({ HEARTBEAT_MS: '80' });
    const dead = await cuc.opensPeer();
    const cut = once(parley.connectionsOf(cuc)[0]!.socket, 'close');
    dead.stopsReading();
    for (const text of upTo(50).map(String)) await post(text);
    await listener.hears('messagePosted', ({ seq }) => seq === 50);
    expect(seqs(listener)).toEqual(upTo(50));
    await within('the cut', cut);
    await post('once more');
    await listener.hears('messagePosted', ({ seq }) => seq === 51);
  });

  it('S15 connections that break amid a stream of messages take nothing from the others', async () => {
    await start({});
    const fragile = await Promise.all(upTo(8).map(() => cuc.opensPeer()));
    for (const seq of upTo(240)) {
      speaker.sends('postMessage', { room: room.id, clientId: `s${seq}`, text: `message ${seq}` }, `s${seq}`);
      if (seq % 30 === 0) {
        await speaker.answerTo(`s${seq}`);
        fragile[seq / 30 - 1]!.cuts();
      }
    }
    await listener.hears('messagePosted', ({ seq }) => seq === 240);
    expect(seqs(listener)).toEqual(upTo(240));
    await speaker.catchesUp();
    expect(seqs(speaker)).toEqual(upTo(240));
  });
});
