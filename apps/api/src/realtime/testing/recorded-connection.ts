import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Connection, type Identity } from '../connection';

const HOUR_MS = 3_600_000;

/** A connection without a client: what is written to its socket is kept, the texts of each write by themselves. */
export interface RecordedConnection {
  connection: Connection;
  writes: string[][];
}

/** A connection on which nobody has signed in. */
export function strangersConnection(): RecordedConnection {
  const writes: string[][] = [];
  const socket = { readyState: 1, OPEN: 1, ping: () => undefined } as unknown as WebSocket;
  let corked: Buffer[] | undefined;
  const transport = {
    writableLength: 0,
    write: (bytes: Buffer) => void (corked ? corked.push(bytes) : writes.push(textsIn(bytes))),
    cork: () => void (corked = []),
    uncork: () => (writes.push(corked!.flatMap(textsIn)), (corked = undefined)),
  };
  const connection = new Connection(socket, transport as unknown as Duplex, '::1', { queueBytes: 10_000 });
  return { connection, writes };
}

/** A connection of somebody. */
export function connectionOf(id: string): RecordedConnection {
  const recorded = strangersConnection();
  recorded.connection.signIn(identityOf(id));
  return recorded;
}

/** Who a person is on a connection of this session. */
export function identityOf(id: string, session = 's'): Identity {
  return {
    user: { id, name: 'An', role: 'user', status: 'available' },
    session: { id: session, expiresAt: new Date(Date.now() + HOUR_MS) },
  };
}

/** What text frames hold, one behind the other. */
function textsIn(bytes: Buffer): string[] {
  const isLong = bytes[1] === 126;
  const [start, length] = isLong ? [4, bytes.readUInt16BE(2)] : [2, bytes[1] ?? 0];
  const end = start + length;
  const text = bytes.toString('utf8', start, end);
  return bytes.length > end ? [text, ...textsIn(bytes.subarray(end))] : [text];
}
