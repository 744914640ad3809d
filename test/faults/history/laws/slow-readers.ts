import { CLOSE_CODES, type LogEntry } from '@parley/contract';
import { hearingOf, type Span } from '../spans';
import { isEntry, type ConnectionStory, type Story } from '../story';
import type { HistoryLine } from '../history';
import type { Violation } from '../violation';
import { breaksOf, partsOf } from './order';

/** 6: a reader that is too slow is closed with 4429, never kept with a hole, and has everything once it comes back. */
export function slowReaders(story: Story): Violation[] {
  const { spans, catchingUp } = hearingOf(story);
  const slow = [...story.connections.values()].filter(({ lines }) =>
    lines.some(({ kind }) => kind === 'stopped reading'),
  );
  const holes = spans.filter(({ connection }) => slow.includes(connection)).flatMap((span) => holesOf(span));
  const parts = catchingUp
    .filter(({ connection }) => wasTooSlow(story, connection))
    .flatMap((each) => partsOf(each).map((part) => ({ law: 6 as const, ...part })));
  return [...holes, ...parts, ...slow.flatMap((connection) => neverClosed(story, connection))];
}

function holesOf(span: Span): Violation[] {
  const stopped = span.connection.lines.find(({ kind }) => kind === 'stopped reading')!;
  return breaksOf(span)
    .filter(({ lines }) => lines.at(-1)!.n > stopped.n)
    .map((hole) => ({ law: 6, ...hole, lines: [stopped, ...hole.lines] }));
}

/** Whether the client's connection before this one, of those that were signed in, was closed because it was too slow. */
function wasTooSlow(story: Story, { client, opened }: ConnectionStory): boolean {
  const earlier = [...story.connections.values()].filter(
    (each) => each.client === client && each.welcomed && each.opened.n < opened.n,
  );
  return earlier.at(-1)?.closed?.code === CLOSE_CODES.tooSlowOrFast;
}

/** What waited while it did not read was more than may wait, and yet it was all there when it read on. */
function neverClosed(story: Story, { connection, lines }: ConnectionStory): Violation[] {
  const { slowBytes } = story.of('begun')[0] ?? { slowBytes: Infinity };
  let stopped: HistoryLine | undefined;
  let readOn: HistoryLine | undefined;
  let waited = 0;
  for (const line of lines) {
    if (line.kind === 'stopped reading') [stopped, readOn, waited] = [line, undefined, 0];
    if (line.kind === 'read on') readOn = line;
    // What was written while it read again was not held back.
    if (readOn && isEntry(line) && wasToldBefore(story, line.data, readOn)) {
      waited += Buffer.byteLength(JSON.stringify(line.data));
      if (waited > slowBytes) return [tooMuch(connection, waited, [stopped!, readOn, line])];
    }
  }
  return [];
}

function wasToldBefore(story: Story, { room, seq }: LogEntry, moment: HistoryLine): boolean {
  return story.firstTold(room, seq)!.n < moment.n;
}

function tooMuch(connection: string, bytes: number, lines: HistoryLine[]): Violation {
  const says = `${connection} stopped reading and was not closed with 4429, but kept ${bytes} bytes for later`;
  return { law: 6, says, lines };
}
