import { hearingOf, type Span } from '../spans';
import { isEntry, type Acknowledged, type Sighting, type Story } from '../story';
import type { Violation } from '../violation';

/** 5: an author's connections hear the author's messages too, in the order of all, and only they by their clientIds. */
export function echo(story: Story): Violation[] {
  const { spans } = hearingOf(story);
  const bySpan = Map.groupBy(spans, ({ connection, room }) => `${connection.user} ${room}`);
  const missing = story.acknowledged.flatMap((own) =>
    (bySpan.get(`${own.user} ${own.posted.room}`) ?? []).flatMap((span) => echoMissing(own, span)),
  );
  return [
    ...missing,
    ...spans.flatMap(disordered),
    ...spans.flatMap((span) => span.heard.flatMap((each) => named(span, each))),
  ];
}

/** Whoever hears later entries, or is there to the end or to a later leave, has heard this one. */
function echoMissing({ posted, answered, asked }: Acknowledged, span: Span): Violation[] {
  const { seq, room } = posted;
  const later = span.heard.find(({ entry }) => entry.seq > seq);
  const due = span.after < seq && (later !== undefined || !span.ended || seq < (span.leftAt ?? 0));
  if (!due || span.heard.some(({ entry }) => entry.seq === seq)) return [];
  const says = `${span.connection.connection} never heard seq ${seq} of room ${room}, its own person's message`;
  return [{ law: 5, says, lines: [asked, answered, ...(later ? [later.line] : [span.begun])] }];
}

function disordered({ connection, heard, room }: Span): Violation[] {
  const own = heard.filter(({ entry }) => entry.type === 'message' && entry.sender.id === connection.user);
  const at = own.findIndex(({ entry }, index) => index > 0 && entry.seq <= own[index - 1]!.entry.seq);
  if (at < 0) return [];
  const says = `${connection.connection} heard its own person's messages in room ${room} in another order`;
  return [{ law: 5, says, lines: own.slice(at - 1, at + 1).map(({ line }) => line) }];
}

function named({ connection }: Span, { entry, line }: Sighting): Violation[] {
  if (entry.type !== 'message' || !isEntry(line)) return [];
  const own = entry.sender.id === connection.user;
  if (own === (entry.clientId !== undefined)) return [];
  const says = own ? 'heard its own message without its clientId' : "was told somebody else's clientId";
  return [{ law: 5, says: `${connection.connection} ${says}`, lines: [line] }];
}
