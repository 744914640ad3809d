import type { Id } from '@parley/contract';
import { eventEnvelope } from '../realtime/frames';
import type { RoomFrame } from '../realtime/hub';
import { toWire, type Entry } from './entry';

/** What a commit brought to one room, as it goes over the wire: to everybody, and to each author with their clientIds. */
export function roomFrame(room: Id, entries: readonly Entry[]): RoomFrame {
  const envelopes = entries.map((entry) => envelope(entry, ''));
  const authors = new Set(entries.filter(({ clientId }) => clientId !== undefined).map(({ author }) => author.id));
  const own = new Map([...authors].map((author) => [author, ownEnvelopes(entries, envelopes, author)]));
  return { room, envelopes, own };
}

function ownEnvelopes(entries: readonly Entry[], envelopes: readonly string[], author: Id): string[] {
  return entries.map((entry, index) => (entry.author.id === author ? envelope(entry, author) : envelopes[index]!));
}

function envelope(entry: Entry, viewer: Id): string {
  const wire = toWire(entry, viewer);
  return wire.type === 'message' ? eventEnvelope('messagePosted', wire) : eventEnvelope('system', wire);
}
