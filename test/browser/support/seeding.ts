import { ObjectId } from 'mongodb';
import type { MortalServer } from '../../faults/mortal-server';
import type { Person } from '../../support/people';

/** Entries written in one go. */
const BATCH = 5_000;

/**
 * Fills a room's log up to `seq` with messages of these people in turn, a minute apart, past the server; then starts the
 * server anew, so that it knows them. Message 7 says `Message 7`, and some more, so that heights differ.
 */
export async function fillLog(
  server: MortalServer,
  room: string,
  people: readonly Person[],
  seq: number,
): Promise<void> {
  await server.looksInto(async (database) => {
    const entries = database.collection('entries');
    const from = (await entries.countDocuments({ room: new ObjectId(room) })) + 1;
    const first = Date.now() - (seq + 1) * 60_000;
    for (let at = from; at <= seq; at += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, seq + 1 - at) }, (_, more) => at + more);
      await entries.insertMany(batch.map((one) => entryOf(room, one, people[one % people.length]!, first)));
    }
  });
  await server.isKilled();
  await server.starts();
}

function entryOf(room: string, seq: number, { id, name }: Person, first: number) {
  return {
    room: new ObjectId(room),
    seq,
    type: 'message',
    author: { id: new ObjectId(id), name },
    at: new Date(first + seq * 60_000),
    clientId: `seed-${seq}`,
    text: `Message ${seq} ${'and so on '.repeat((seq * 7) % 40)}`.trim(),
  };
}
