import { LIMITS, type Author, type Me, type PersonPresence } from '@parley/contract';
import type { Observable } from 'rxjs';
import { settle, useClientBench } from '../testing/client-bench';
import { message, ME, moment, myRoom, OTHER, system } from '../testing/samples';
import type { Peer } from '../testing/scripted-server';

const bench = useClientBench();
const { connected, reconnected, next } = bench;

const BUSY: PersonPresence = { user: OTHER.id, presence: 'busy' };
const GONE: PersonPresence = { user: OTHER.id, presence: 'offline', since: moment(7) };
const ME_NOW: Me = { ...ME, phone: '+84901234567', role: 'user', status: 'away', created_at: moment(0) };

/** All that an observable says from now on. */
function told<T>(source$: Observable<T>): T[] {
  const values: T[] = [];
  source$.subscribe((value) => values.push(value));
  return values;
}

/** Answers the next time that people are asked for; whom. */
async function answers(peer: Peer, people: PersonPresence[]): Promise<string[]> {
  bench.clock.advance(200);
  const frame = await peer.command('watchPresence');
  const taken = next('presenceChanged');
  peer.reply(frame, { people });
  peer.event({ event: 'presenceChanged', data: { user: 'nobody asks for this one', presence: 'online' } });
  await taken;
  return frame.data.users;
}

/** Tells that somebody is otherwise, and waits until it is heard. */
async function changes(peer: Peer, data: PersonPresence): Promise<void> {
  const heard = next('presenceChanged');
  peer.event({ event: 'presenceChanged', data });
  await heard;
}

describe('F4 presence', () => {
  it('F4 is asked for while somebody looks, for all of them at once, and follows what is told', async () => {
    const peer = await connected();
    const [states, same] = [told(bench.client.presence$(OTHER.id)), told(bench.client.presence$(OTHER.id))];
    told(bench.client.presence$('third'));
    expect(await answers(peer, [BUSY])).toEqual([OTHER.id, 'third']);
    peer.event({ event: 'presenceChanged', data: GONE });
    await next('presenceChanged');
    expect(states).toEqual([undefined, BUSY, GONE]);
    expect(same).toEqual(states);
    expect(peer.unread).toEqual([]);
  });

  it('F4 is not asked for again where one of several stops looking; where the last one does, nobody is asked for', async () => {
    const peer = await connected();
    const [one, two] = [1, 2].map(() => bench.client.presence$(OTHER.id).subscribe());
    await answers(peer, [BUSY]);
    one!.unsubscribe();
    bench.clock.advance(1_000);
    await settle();
    expect(peer.unread).toEqual([]);
    two!.unsubscribe();
    expect(await answers(peer, [])).toEqual([]);
    expect(told(bench.client.presence$(OTHER.id))).toEqual([undefined]);
  });

  it('F4 of nobody is known while the line is down; then it is asked for anew', async () => {
    const peer = await connected();
    const states = told(bench.client.presence$(OTHER.id));
    await answers(peer, [BUSY]);
    peer.cut();
    const again = await reconnected([]);
    expect(states).toEqual([undefined, BUSY, undefined]);
    expect(await answers(again.peer, [GONE])).toEqual([OTHER.id]);
    expect(states.at(-1)).toEqual(GONE);
  });

  it('F4 is not known of whom the server says nothing, and not changed by whom nobody looks at', async () => {
    const peer = await connected();
    const states = told(bench.client.presence$(OTHER.id));
    await answers(peer, []);
    peer.event({ event: 'presenceChanged', data: { user: 'somebody', presence: 'online' } });
    await next('presenceChanged');
    expect(states).toEqual([undefined]);
    expect(told(bench.client.presence$('somebody'))).toEqual([undefined]);
  });

  it('F4 is asked for as many as may be, the latest first to be kept', async () => {
    const peer = await connected();
    for (let person = 0; person <= LIMITS.watchedPeople; person++) bench.client.presence$(`p${person}`).subscribe();
    const asked = await answers(peer, []);
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([200, 'p1', 'p200']);
  });

  it('F4 is asked for again when the server wants to be left alone for a while', async () => {
    const peer = await connected();
    told(bench.client.presence$(OTHER.id));
    bench.clock.advance(200);
    peer.refuse(await peer.command('watchPresence'), { code: 'RATE_LIMITED', message: 'Slowly.', retryAfter: 7 });
    peer.event({ event: 'presenceChanged', data: BUSY });
    await next('presenceChanged');
    await settle();
    bench.clock.advance(6_999);
    expect(peer.unread).toEqual([]);
    bench.clock.advance(1);
    expect((await peer.command('watchPresence')).data.users).toEqual([OTHER.id]);
  });

  it('F4 where others are refused, follows what is told of those who were asked for before', async () => {
    const peer = await connected();
    const states = told(bench.client.presence$(OTHER.id));
    await answers(peer, [BUSY]);
    told(bench.client.presence$('third'));
    bench.clock.advance(200);
    peer.refuse(await peer.command('watchPresence'), { code: 'RATE_LIMITED', message: 'Slowly.', retryAfter: 7 });
    // The refusal is there with what comes behind it.
    await changes(peer, { user: 'nobody asks for this one', presence: 'online' });
    await settle();
    await changes(peer, GONE);
    expect(states).toEqual([undefined, BUSY, GONE]);
    bench.clock.advance(7_000);
    expect((await peer.command('watchPresence')).data.users).toEqual([OTHER.id, 'third']);
  });

  it('F4 a change right behind the answer, in the same frame, is the newer one', async () => {
    const peer = await connected();
    const states = told(bench.client.presence$(OTHER.id));
    bench.clock.advance(200);
    const { id } = await peer.command('watchPresence');
    peer.send({ event: 'reply', id: id!, data: { people: [BUSY] } }, { event: 'presenceChanged', data: GONE });
    await next('presenceChanged');
    await settle();
    expect(states.at(-1)).toEqual(GONE);
  });

  it('F4 one’s own account is as the server last told it', async () => {
    const accounts = told(bench.client.me$);
    const peer = await connected();
    peer.event({ event: 'meChanged', data: ME_NOW });
    await next('meChanged');
    expect(accounts.map((me) => me?.status)).toEqual([undefined, 'available', 'away']);
  });
});

describe('F4 typing', () => {
  const typing = (peer: Peer, user: Author, room = 'r1') => {
    const heard = next('typing');
    peer.event({ event: 'typing', data: { room, user } });
    return heard;
  };

  it('F4 shows who types, in the order in which they began, for six seconds after the last word of it', async () => {
    const peer = await connected([myRoom(1)]);
    const typists = told(bench.client.typing$('r1'));
    await typing(peer, OTHER);
    bench.clock.advance(3_000);
    await typing(peer, { id: 'third', name: 'Cúc' });
    await typing(peer, OTHER);
    bench.clock.advance(5_999);
    expect(typists.map((each) => each.map(({ name }) => name))).toEqual([[], ['Binh'], ['Binh', 'Cúc']]);
    bench.clock.advance(1);
    expect(typists.at(-1)).toEqual([]);
  });

  it.each([
    ['a message of theirs', { event: 'messagePosted', data: message(2) }],
    ['their leaving', { event: 'system', data: system(2, 'leave') }],
    ['the end of the room', { event: 'roomRemoved', data: { room: 'r1', reason: 'deleted' } }],
  ] as const)('F4 ends with %s', async (_what, end) => {
    const peer = await connected([myRoom(1)]);
    const typists = told(bench.client.typing$('r1'));
    await typing(peer, OTHER);
    await typing(peer, OTHER, 'r2');
    peer.event(end as never);
    await next(end.event);
    expect(typists.map((each) => each.length)).toEqual([0, 1, 0]);
    expect(told(bench.client.typing$('r2'))[0]).toHaveLength(1);
  });

  it('F4 does not end with somebody else’s message, and does with the line', async () => {
    const peer = await connected([myRoom(1)]);
    const typists = told(bench.client.typing$('r1'));
    await typing(peer, OTHER);
    peer.event({ event: 'messagePosted', data: message(2, { sender: ME }) });
    await next('messagePosted');
    expect(typists.at(-1)).toHaveLength(1);
    peer.cut();
    await bench.status('offline');
    expect(typists.at(-1)).toEqual([]);
  });

  it('F4 is said every three seconds at most, in each room, and failures are nobody’s business', async () => {
    const peer = await connected([myRoom(1)]);
    for (let key = 0; key < 7; key++) {
      bench.client.typing('r1');
      bench.clock.advance(500);
    }
    bench.client.typing('r2');
    const [first, second, other] = [
      await peer.command('typing'),
      await peer.command('typing'),
      await peer.command('typing'),
    ];
    expect([first, second, other].map(({ data }) => data.room)).toEqual(['r1', 'r1', 'r2']);
    peer.refuse(first, { code: 'NOT_A_MEMBER', message: 'No.' });
    await settle();
    expect([peer.unread, bench.faults]).toEqual([[], []]);
    bench.client.close();
    bench.clock.advance(3_000);
    bench.client.typing('r1');
    await settle();
  });
});
