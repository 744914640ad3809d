import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Connection, type Person } from './connection';
import { Hub, type RoomFrame } from './hub';

const PERSON: Omit<Person, 'id'> = { name: 'An', role: 'user' };
const HOUR_MS = 3_600_000;

/** A connection of somebody, and the texts of what is written to its socket, one a write. */
function connectionOf(id: string): { connection: Connection; writes: string[][] } {
  const writes: string[][] = [];
  const socket = { readyState: 1, OPEN: 1 } as WebSocket;
  let corked: Buffer[] | undefined;
  const transport = {
    writableLength: 0,
    write: (bytes: Buffer) => void (corked ? corked.push(bytes) : writes.push(textsIn(bytes))),
    cork: () => void (corked = []),
    uncork: () => (writes.push(corked!.flatMap(textsIn)), (corked = undefined)),
  };
  const connection = new Connection(socket, transport as unknown as Duplex, '::1', { queueBytes: 10_000 });
  connection.signIn({
    user: { id, ...PERSON },
    session: { id: 's', expiresAt: new Date(Date.now() + HOUR_MS) },
  });
  return { connection, writes };
}

/** What short text frames hold, one behind the other. */
function textsIn(bytes: Buffer): string[] {
  const [, length = 0] = bytes;
  const text = bytes.toString('utf8', 2, 2 + length);
  return bytes.length > 2 + length ? [text, ...textsIn(bytes.subarray(2 + length))] : [text];
}

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
});
