import { Logger } from '@nestjs/common';
import type { Author, SystemEvent } from '@parley/contract';
import { EmbeddedMongo } from '@parley/embedded-mongo';
import { createConnection, type Connection as Database } from 'mongoose';
import { Hub, type RoomFrame } from '../../realtime/hub';
import type { EventDraft } from '../draft';
import type { Entry } from '../entry';
import { EntryDocument, EntrySchema } from '../entry.schema';
import { EntryRepository } from '../entry.repository';
import { LogTails } from '../log-tails';
import { ReactionRepository } from '../reaction.repository';
import { ReactionDocument, ReactionSchema } from '../reaction.schema';
import { RoomLog } from '../room-log';

export const AN = { id: '0000000000000000000000aa', name: 'An' };
export const BINH = { id: '0000000000000000000000bb', name: 'Bình' };
export const ROOM = '00000000000000000000cafe';
/** Of the same lane as `ROOM`. */
export const NEIGHBOUR = '00000000000000000000c0de';
/** Of another lane. */
export const OTHER = '00000000000000000000beef';

/** A hub that only keeps what it was told. */
export class Notebook extends Hub {
  readonly frames: RoomFrame[] = [];

  override publish(frames: readonly RoomFrame[]): void {
    this.frames.push(...frames);
  }

  /** The seqs that a room was told, in the order of telling. */
  seqs(room: string): number[] {
    const envelopes = this.frames.filter((frame) => frame.room === room).flatMap((frame) => frame.envelopes);
    return envelopes.map((envelope) => (JSON.parse(envelope) as { data: { seq: number } }).data.seq);
  }
}

/** Logs in a database that is each test's own. */
export class Logs {
  database!: Database;
  repository!: EntryRepository;
  reactions!: ReactionRepository;

  /** Another process's, as it were: it shares nothing but the database. */
  readonly newLog = (): [RoomLog, Notebook] => {
    const hub = new Notebook();
    return [this.logBehind(hub), hub];
  };

  readonly stored = (room = ROOM): Promise<Entry[]> => this.repository.after(room, 0, 10_000);

  logBehind(hub: Hub): RoomLog {
    return new RoomLog(this.repository, this.reactions, new LogTails(this.repository), hub);
  }

  async open(mongo: EmbeddedMongo): Promise<void> {
    this.database = await createConnection(mongo.uri, {
      dbName: `log${Date.now()}${Math.random()}`.replace('.', ''),
    }).asPromise();
    const model = this.database.model(EntryDocument.name, EntrySchema);
    const reactions = this.database.model(ReactionDocument.name, ReactionSchema);
    await Promise.all([model.init(), reactions.init()]);
    this.repository = new EntryRepository(model as never);
    this.reactions = new ReactionRepository(reactions as never);
  }
}

/** Gives the tests of a file a database for each. */
export function useLogs(): Logs {
  let mongo: EmbeddedMongo;
  const logs = new Logs();
  beforeAll(async () => {
    Logger.overrideLogger(false);
    mongo = await EmbeddedMongo.start({});
  });
  beforeEach(() => logs.open(mongo));
  afterEach(() => logs.database.close());
  afterAll(() => mongo.stop());
  return logs;
}

export const anything = (): void => undefined;

/** A message of An's to `ROOM`, named by its text. */
export const draft = (text: string, more = {}) => ({
  room: ROOM,
  author: AN,
  text,
  clientId: text,
  admit: anything,
  ...more,
});

/** An event of `ROOM` that changes nothing but the log. */
export const eventDraft = (event: SystemEvent, author: Author, more: Partial<EventDraft> = {}): EventDraft => ({
  room: ROOM,
  author,
  describe: async () => ({ event, text: `${author.name}: ${event}` }),
  change: async () => undefined,
  settle: (_entry, tell) => tell(),
  ...more,
});

/** The others are told a turn after the author. */
export async function othersTold(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const upTo = (count: number): number[] => [...Array(count).keys()].map((index) => index + 1);
