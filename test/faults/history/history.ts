import type { CommandName, Events, EventName, Id, LogEntry, MyRoom, WireError } from '@parley/contract';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One thing that happened, as whoever watched the clients saw it. */
export type Happening =
  /**
   * What the run is: its seed, past how many bytes of a log a reader that does not read must have been closed, and how
   * long the end of a session or a membership may take to be known everywhere.
   */
  | { kind: 'begun'; seed: number; slowBytes: number; graceMs: number }
  /** A client's decision; with the same seed a client decides the same, whatever the server does. */
  | { kind: 'decided'; client: string; decision: object }
  | { kind: 'opened'; connection: string; client: string; user: Id; session: string }
  | { kind: 'asked'; connection: string; id: string; command: CommandName; data: object }
  | { kind: 'answered'; connection: string; id: string; data: object }
  | { kind: 'refused'; connection: string; id: string; error: WireError }
  | { kind: 'heard'; connection: string; event: EventName; data: Events[EventName] }
  | { kind: 'closed'; connection: string; code: number }
  | { kind: 'stopped reading'; connection: string }
  | { kind: 'read on'; connection: string }
  /** A room's log read through REST; `since` is the line number when it was asked for. */
  | { kind: 'read'; user: Id; room: Id; since: number; entries?: LogEntry[]; refused?: string }
  /** A session was ended, and that was acknowledged. */
  | { kind: 'revoked'; session: string }
  | { kind: 'fault'; what: string }
  /** Nothing more is asked, the faults are mended, and every connection has had its time to hear the rest. */
  | { kind: 'settled' }
  /** An entry as the database has it in the end. */
  | { kind: 'stored'; entry: LogEntry }
  /** A room that the database has in the end. */
  | { kind: 'kept'; room: Id; members: Id[] }
  /** A room as a fresh fetch gives it in the end. */
  | { kind: 'fetched'; user: Id; room: MyRoom };

/** A happening with its place and its time: milliseconds since the beginning. */
export type HistoryLine = Happening & { readonly n: number; readonly ms: number };

/** Everything that happened, in the order in which it was seen. */
export class History {
  readonly lines: HistoryLine[] = [];
  private readonly began = performance.now();

  add(happening: Happening): HistoryLine {
    const line = { n: this.lines.length, ms: Math.round(performance.now() - this.began), ...happening };
    this.lines.push(line);
    return line;
  }

  /** Writes the lines into a file, a JSON object each. */
  writeTo(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
}
