import type { Id, LogEntry } from '@parley/contract';
import type { HistoryLine } from './history';
import { isEntry } from './story';

/** A law of the wire, by its number in docs. */
export type Law = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Where a history breaks a law: what is wrong, and the lines that show it. */
export interface Violation {
  law: Law;
  says: string;
  /** Few: what somebody has to read to believe it. */
  lines: readonly HistoryLine[];
  /** Which entry of a long line it is about. */
  about?: { room: Id; seq: number };
}

const SHOWN_LENGTH = 300;
const SHOWN_FAULTS = 4;

/** For each law that is broken the explanation that needs the fewest lines, with the faults that came just before. */
export function explain(violations: readonly Violation[], history: readonly HistoryLine[]): string {
  const byLaw = Map.groupBy(violations, ({ law }) => law);
  const laws = [...byLaw].sort(([one], [other]) => one - other);
  return laws.map(([, ofLaw]) => explainLaw(ofLaw, history)).join('\n\n');
}

function explainLaw(violations: readonly Violation[], history: readonly HistoryLine[]): string {
  const [shortest] = [...violations].sort((one, other) => one.lines.length - other.lines.length);
  const { law, says, lines, about } = shortest!;
  const others = violations.length > 1 ? ` (and ${violations.length - 1} more of this law)` : '';
  const shown = withFaults(lines, history).map((line) => `  ${show(line, about)}`);
  return [`Law ${law}: ${says}${others}`, ...shown].join('\n');
}

function withFaults(lines: readonly HistoryLine[], history: readonly HistoryLine[]): HistoryLine[] {
  const last = Math.max(...lines.map(({ n }) => n), 0);
  const faults = history.filter(({ kind, n }) => kind === 'fault' && n < last).slice(-SHOWN_FAULTS);
  return [...new Set([...faults, ...lines])].sort((one, other) => one.n - other.n);
}

function show(line: HistoryLine, about: Violation['about']): string {
  const { n, ms, kind, ...rest } = line;
  const brief = about && !isEntry(line) ? briefly(line, about) : rest;
  return `#${n} ${(ms / 1_000).toFixed(3)} s ${kind} ${JSON.stringify(brief, shortened).slice(0, SHOWN_LENGTH)}`;
}

/** Of a page or a `synced` only the entries next to what it is about. */
function briefly(line: HistoryLine, { room, seq }: NonNullable<Violation['about']>): object {
  const near = (entry: LogEntry): boolean => Math.abs(entry.seq - seq) <= 1;
  const { n: _n, ms: _ms, kind: _kind, ...rest } = line;
  if (line.kind === 'read') return { ...rest, entries: line.entries?.filter(near) };
  const rooms = 'data' in line && 'rooms' in line.data ? (line.data.rooms as Record<Id, { entries?: LogEntry[] }>) : {};
  const entries = rooms[room]?.entries;
  return entries ? { ...rest, data: { rooms: { [room]: { entries: entries.filter(near) } } } } : rest;
}

function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 40 ? `${value.slice(0, 40)}…` : value;
}
