import { Hub, type RoomFrame } from './hub';
import { SharedFrame } from './shared-frame';
import { connectionOf } from './testing/recorded-connection';

const said = (room: string, author?: string): RoomFrame => ({
  room,
  envelopes: [`"${room}"`],
  ...(author && { own: new Map([[author, [`"${room}, by you"`]]]) }),
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Hub', () => {
  it('writes what several rooms have for a connection at once, each room a frame', () => {
    const hub = new Hub();
    const [both, one] = [connectionOf('both'), connectionOf('one')];
    hub.enter('a', [both.connection, one.connection]);
    hub.enter('b', [both.connection]);
    hub.publish([said('a'), said('b'), said('c')]);
    expect(both.writes).toEqual([['"a"', '"b"']]);
    expect(one.writes).toEqual([['"a"']]);
  });

  it('gives authors all that is for them first, their own and others’, and leaves them out afterwards', async () => {
    const hub = new Hub();
    const [author, other] = [connectionOf('author'), connectionOf('other')];
    for (const room of ['a', 'b']) hub.enter(room, [author.connection, other.connection]);
    const frames = [said('a', 'author'), said('b', 'another')];
    const served = hub.publishToAuthors(frames);
    await turn();
    expect([...served]).toEqual([author.connection]);
    expect(author.writes).toEqual([['["a, by you","b"]']]);
    expect(other.writes).toEqual([]);
    hub.publish(frames, served);
    await turn();
    expect(author.writes).toHaveLength(1);
    expect(other.writes).toEqual([['"a"', '"b"']]);
  });

  it('gives an author who was not served their own version', async () => {
    const hub = new Hub();
    const late = connectionOf('author');
    hub.enter('a', [late.connection]);
    hub.publish([said('a', 'author')]);
    await turn();
    expect(late.writes).toEqual([['"a, by you"']]);
  });

  it('tells nobody who has left, and nothing to a closed connection', () => {
    const hub = new Hub();
    const [gone, closed] = [connectionOf('gone'), connectionOf('closed')];
    hub.enter('a', [gone.connection, closed.connection]);
    hub.exit('a', [gone.connection]);
    closed.connection.closed = true;
    expect(hub.publishToAuthors([said('a', 'gone'), said('a', 'closed')]).size).toBe(0);
    hub.publish([said('a')]);
    expect([gone.writes, closed.writes]).toEqual([[], []]);
  });

  it('F4 whispers to all who listen but to one person, and to none whose frames have to wait', () => {
    const hub = new Hub();
    const [author, other, slow] = [connectionOf('author'), connectionOf('other'), connectionOf('slow')];
    hub.enter('a', [author.connection, other.connection, slow.connection]);
    for (let written = 0; written < 6; written++) {
      slow.connection.share([new SharedFrame(['x'.repeat(50_000)])]);
    }
    const before = slow.writes.length;
    hub.whisper('a', '"typing"', 'author');
    expect([author.writes, other.writes]).toEqual([[], [['"typing"']]]);
    expect([slow.writes.length, slow.connection.queuedBytes]).toEqual([before, 0]);
  });
});
