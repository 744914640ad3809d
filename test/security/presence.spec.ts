import { LIMITS, type Id } from '@parley/contract';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import type { Person } from '../support/people';

const NOBODY = '0123456789abcdef01234567';

describe('F4 who is there', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let stranger: Person;
  let former: Person;
  let group: Id;

  beforeAll(async () => {
    parley = await Parley.start({ OFFLINE_AFTER_MS: '0' });
  });
  afterAll(() => parley.stop());
  beforeEach(async () => {
    [an, binh, stranger, former] = (await parley.crowd(4)) as [Person, Person, Person, Person];
    group = (await an.rest.createGroup({ name: 'Within', users: [binh.id, former.id] })).id;
  });
  afterEach(() => {
    for (const each of [an, binh, stranger, former]) each.hangsUp();
  });

  /** An is seen to do everything that can be seen, by somebody who may see it. */
  async function isSeenBy(witness: ChatPeer): Promise<void> {
    const peer = await an.opensPeer();
    await witness.hears('presenceChanged', ({ user, presence }) => user === an.id && presence === 'online');
    await an.rest.changeMe({ status: 'busy' });
    await witness.hears('presenceChanged', ({ user, presence }) => user === an.id && presence === 'busy');
    await peer.asks('typing', { room: group });
    await witness.hears('typing', ({ user }) => user.id === an.id);
    peer.cuts();
    await witness.hears('presenceChanged', ({ user, presence }) => user === an.id && presence === 'offline');
  }

  it('F4 a stranger learns nothing, not even whether there is somebody', async () => {
    const [witness, outside] = [await binh.opensPeer(), await stranger.opensPeer()];
    await witness.asks('watchPresence', { users: [an.id] });
    expect(await outside.asks('watchPresence', { users: [an.id] })).toEqual({ people: [] });
    expect(await outside.asks('watchPresence', { users: [NOBODY] })).toEqual({ people: [] });
    expect(await outside.asks('watchPresence', { users: [an.id, binh.id, NOBODY] })).toEqual({ people: [] });
    await isSeenBy(witness);
    await outside.catchesUp();
    expect(outside.envelopes.all.map(({ event }) => event).filter((event) => event !== 'reply')).toEqual([]);
  });

  it('F4 a former member learns nothing any more, whoever asked before', async () => {
    const [witness, outside] = [await binh.opensPeer(), await former.opensPeer()];
    await witness.asks('watchPresence', { users: [an.id] });
    expect((await outside.asks('watchPresence', { users: [an.id] })).people).toHaveLength(1);
    await outside.asks('leaveRoom', { room: group });
    const before = outside.envelopes.all.length;
    await isSeenBy(witness);
    await outside.catchesUp();
    expect(outside.envelopes.all.slice(before).map(({ event }) => event)).toEqual(['reply']);
    expect(await outside.asks('watchPresence', { users: [an.id] })).toEqual({ people: [] });
    expect(await outside.isRefused('typing', { room: group })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('F4 nobody watches more than so many people, nor sets a status that there is not', async () => {
    const peer = await an.opensPeer();
    const many = Array.from({ length: LIMITS.watchedPeople + 1 }, () => NOBODY);
    expect(await peer.isRefused('watchPresence', { users: many })).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect((await peer.asks('watchPresence', { users: many.slice(1) })).people).toEqual([]);
    const refused = an.rest.changeMe({ status: 'invisible' as 'away' });
    await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('F4 asking and typing have limits of their own', async () => {
    const limited = await Parley.start({ RATE_LIMITS: 'on' });
    try {
      const peer = await limited.founder.opensPeer();
      const { id } = await limited.founder.rest.createRoom({ name: 'Loud' });
      const codes = async (count: number, command: 'typing' | 'watchPresence', data: object): Promise<string[]> => {
        const ids = Array.from({ length: count }, (_, index) => `${command}${index}`);
        for (const each of ids) peer.sends(command, data, each);
        const answers = await Promise.all(ids.map((each) => peer.answerTo(each)));
        return answers.map((answer) => (answer.event === 'error' ? answer.data.code : 'fine'));
      };
      const typed = await codes(25, 'typing', { room: id });
      expect(typed.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'fine'));
      expect(typed.slice(20)).toEqual(Array.from({ length: 5 }, () => 'RATE_LIMITED'));
      expect((await codes(65, 'watchPresence', { users: [] })).filter((code) => code === 'RATE_LIMITED')).toHaveLength(
        5,
      );
    } finally {
      await limited.stop();
    }
  });
});
