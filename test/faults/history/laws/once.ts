import { type Acknowledged, type Sighting, type Story } from '../story';
import type { Violation } from '../violation';

/** 3: a message is posted once however often it is sent, and each time the reply is the first one's. */
export function once(story: Story): Violation[] {
  return [...differentReplies(story), ...doubled(story)];
}

function differentReplies({ acknowledged }: Story): Violation[] {
  const repeats = Map.groupBy(acknowledged, ({ user, message }) => `${user} ${message.clientId}`);
  return [...repeats.values()].flatMap(([first, ...others]) => {
    const other = others.find(({ posted }) => replyOf(posted) !== replyOf(first!.posted));
    return other ? [differs(first!, other)] : [];
  });
}

function replyOf({ room, seq, id, at }: Acknowledged['posted']): string {
  return JSON.stringify([room, seq, id, at]);
}

function differs(first: Acknowledged, other: Acknowledged): Violation {
  const says = `the message ${first.message.clientId} of ${first.user} was sent twice and answered with two places`;
  return { law: 3, says, lines: [first.asked, first.answered, other.asked, other.answered] };
}

/** Stored entries know their clientId; what others are told does not, but its text is one of a kind. */
function doubled({ sightings, acknowledged }: Story): Violation[] {
  const clientIds = new Map(acknowledged.map(({ user, message }) => [`${user} ${message.text}`, message.clientId]));
  const first = new Map<string, Sighting>();
  return sightings.flatMap((sighting) => {
    const { entry, line } = sighting;
    if (entry.type !== 'message') return [];
    const clientId = entry.clientId ?? clientIds.get(`${entry.sender.id} ${entry.text}`);
    const key = `${entry.sender.id} ${clientId}`;
    const other = first.get(key) ?? sighting;
    first.set(key, other);
    if (clientId === undefined || (other.entry.room === entry.room && other.entry.seq === entry.seq)) return [];
    const says = `the message ${clientId} of ${entry.sender.id} is in the log twice`;
    return [{ law: 3, says, lines: [other.line, line], about: { room: entry.room, seq: entry.seq } }];
  });
}
