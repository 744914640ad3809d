import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** What takes lines: a stream, or a list in a test. */
export interface LogTarget {
  write(text: string): unknown;
}

/** Writes pino's JSON lines as lines for people: time, level, where, message, then the rest. A stack goes below. */
export class PrettyLog implements DestinationStream {
  constructor(private readonly out: LogTarget) {}

  write(line: string): void {
    this.out.write(prettyLine(line));
  }
}

/** One line of pino's, for people; what is no JSON object stays as it is. */
export function prettyLine(line: string): string {
  try {
    return told(JSON.parse(line) as Record<string, unknown>);
  } catch {
    return line;
  }
}

function told({ time, level, context, msg, err, stack, ...rest }: Record<string, unknown>): string {
  const at = new Date(Number(time)).toISOString().slice(11, 23);
  const where = typeof context === 'string' ? ` [${context}]` : '';
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const below = [stack, stackOf(err)].filter((each) => typeof each === 'string').map((each) => `${each}\n`);
  return `${at} ${(LEVELS[Number(level)] ?? '?').padEnd(5)}${where} ${String(msg ?? '')}${more}\n${below.join('')}`;
}

function stackOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'stack') : undefined;
}
