import { LIMITS, type Id, type LogEntry, type MyRoom, type ReactionEntry } from '@parley/contract';
import { ObjectId } from 'mongodb';
import { Parley } from '../support/app-harness';
import { soon } from '../support/deadline';
import type { Person } from '../support/people';

const FACES = Array.from({ length: LIMITS.emojiPerMessage }, (_, index) => String.fromCodePoint(0x1f600 + index));

describe('Reactions', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let room: MyRoom;
  let rooms = 0;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    [an, binh] = (await parley.persons('An', 'Bình')) as [Person, Person];
    room = await an.rest.createRoom({ name: `Room ${++rooms}`, users: [binh.id] });
    await an.says(room, 'Tea?');
  });

  const reacts = (person: Person, emoji: string, on = true, to = 1): Promise<void> =>
    person.rest.react({ room: room.id, to, emoji, on });
  const log = async (): Promise<LogEntry[]> => (await an.rest.log(room.id)).entries;
  const isReaction = (entry: LogEntry): entry is ReactionEntry => entry.type === 'reaction';
  const said = (entries: readonly LogEntry[]): string[] =>
    entries.filter(isReaction).map(({ user, emoji, on, to }) => `${user.name} ${on ? '+' : '-'}${emoji} ${to}`);
  const stored = async (of: Id = room.id): Promise<string[]> => {
    const found = await parley.database
      .collection('reactions')
      .find({ room: ObjectId.createFromHexString(of) })
      .toArray();
    return found.map(({ user, emoji, to }) => `${user} ${emoji} ${to}`).sort();
  };

  it('F5 are entries of the log, which every member gets', async () => {
    const [ans, binhs] = [await an.opensPeer(), await binh.opensPeer()];
    const reaction = { room: room.id, to: 1, emoji: '❤️', on: true };
    expect(await binhs.asks('react', reaction)).toEqual(reaction);
    const entry = await ans.hears('messageReacted');
    const user = { id: binh.id, name: 'Bình' };
    expect(entry).toEqual({
      ...reaction,
      type: 'reaction',
      seq: 2,
      id: expect.any(String),
      user,
      at: expect.any(String),
    });
    expect(await binhs.hears('messageReacted')).toEqual(entry);
    expect((await log()).at(-1)).toEqual(entry);
    const { rooms: synced } = await ans.asks('sync', { seen: { [room.id]: 1 } });
    expect(synced[room.id]).toEqual({ reset: false, entries: [entry] });
  });

  it('F5 are set once and taken back once, however often that is asked for', async () => {
    await reacts(binh, '👍');
    await reacts(binh, '👍');
    await reacts(an, '👍');
    await reacts(binh, '👍', false);
    await reacts(binh, '👍', false);
    await reacts(binh, '👎', false);
    expect(said(await log())).toEqual(['Bình +👍 1', 'An +👍 1', 'Bình -👍 1']);
    expect(await stored()).toEqual([`${an.id} 👍 1`]);
  });

  it('F5 asked for by many devices at once, are one', async () => {
    const peers = await Promise.all([an, an, an, binh, binh].map((person) => person.opensPeer()));
    const reaction = { room: room.id, to: 1, emoji: '🎉', on: true };
    await Promise.all(peers.flatMap((peer) => [peer.asks('react', reaction), peer.asks('react', reaction)]));
    expect(said(await log()).sort()).toEqual(['An +🎉 1', 'Bình +🎉 1']);
  });

  it('F5 are no messages: they are not unread, and not reacted to', async () => {
    await reacts(an, '👍');
    const before = (await binh.rest.myRooms()).items[0]!;
    expect(before).toMatchObject({ unread: 1, seq: 2, last: { type: 'reaction', emoji: '👍' } });
    await expect(reacts(binh, '👍', true, 2)).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' });
    await expect(reacts(binh, '👍', true, 3)).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND', status: 404 });
    await binh.rest.leaveRoom(room.id);
    await expect(reacts(an, '👍', true, 3)).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' });
    expect(said(await log())).toEqual(['An +👍 1']);
  });

  it('F5 take one emoji of Unicode’s, and nothing else', async () => {
    for (const emoji of ['', 'a', '👍👍', '👍 ', '❤', ':)', '1', '\u200d']) {
      const wrong = binh.rest.react({ room: room.id, to: 1, emoji, on: true });
      await expect(wrong).rejects.toMatchObject({ status: emoji === '' ? 404 : 422 });
    }
    for (const emoji of ['👩🏽‍🚀', '🇻🇳', '#️⃣', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']) await reacts(binh, emoji);
    expect(await stored()).toHaveLength(5);
  });

  it(`F5 a message has ${LIMITS.emojiPerMessage} different ones at most, and each for as many people as like it`, async () => {
    for (const emoji of FACES) await reacts(an, emoji);
    await expect(reacts(binh, '👍')).rejects.toMatchObject({ code: 'TOO_MANY_REACTIONS', status: 409 });
    await reacts(binh, FACES[3]!);
    await reacts(an, FACES[0]!, false);
    await reacts(binh, '👍');
    expect(await stored()).toHaveLength(LIMITS.emojiPerMessage + 1);
  });

  it('F5 S11 go with their room', async () => {
    await reacts(an, '👍');
    await reacts(binh, '👎');
    expect(await stored()).toHaveLength(2);
    await an.rest.deleteRoom(room.id);
    await soon(async () => expect(await stored()).toEqual([]));
  });

  it('F5 law 7 who has left reacts no more', async () => {
    const peer = await binh.opensPeer();
    const leaving = peer.asks('leaveRoom', { room: room.id });
    const reacting = peer.asks('react', { room: room.id, to: 1, emoji: '👍', on: true });
    await leaving;
    await expect(reacting).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
    expect(await stored()).toEqual([]);
  });
});
