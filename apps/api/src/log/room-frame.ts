import type { EventName, Id, LogEntry } from '@parley/contract';
import { eventEnvelope } from '../realtime/frames';
import type { RoomFrame } from '../realtime/hub';
import { toWire, typeOf, type Entry } from './entry';

/** The event that tells each kind of entry. */
const EVENT_OF = {
  message: 'messagePosted',
  reaction: 'messageReacted',
  system: 'system',
} as const satisfies Record<LogEntry['type'], EventName>;

const NOBODY = '';
const DATA_AND_ENVELOPE_END = '}}';

/** What entries have for each room, with the room's newest one. */
export function framesOf(entries: readonly Entry[]): { frame: RoomFrame; ofRoom: Entry[]; last: Entry }[] {
  const byRoom = [...Map.groupBy(entries, ({ room }) => room)];
  return byRoom.map(([room, ofRoom]) => ({ frame: roomFrame(room, ofRoom), ofRoom, last: ofRoom.at(-1)! }));
}

/** What a commit brought to one room, as it goes over the wire: to everybody, and to each author with their clientIds. */
export function roomFrame(room: Id, entries: readonly Entry[]): RoomFrame {
  const envelopes = entries.map(envelope);
  const authors = new Set(entries.filter(({ clientId }) => clientId !== undefined).map(({ author }) => author.id));
  const own = new Map([...authors].map((author) => [author, ownEnvelopes(entries, envelopes, author)]));
  return { room, envelopes, own };
}

function ownEnvelopes(entries: readonly Entry[], envelopes: readonly string[], author: Id): string[] {
  return entries.map(({ author: { id }, clientId }, index) =>
    id === author && clientId !== undefined ? withClientId(envelopes[index]!, clientId) : envelopes[index]!,
  );
}

function envelope(entry: Entry): string {
  return eventEnvelope(EVENT_OF[typeOf(entry)], toWire(entry, NOBODY));
}

/** What `toWire` would give the author, without making the rest of the JSON twice. */
function withClientId(envelope: string, clientId: string): string {
  return `${envelope.slice(0, -DATA_AND_ENVELOPE_END.length)},"clientId":${JSON.stringify(clientId)}${DATA_AND_ENVELOPE_END}`;
}
