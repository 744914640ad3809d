import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import { Hub } from '../realtime/hub';
import type { EventDraft, MessageDraft } from './draft';
import type { Entry } from './entry';
import { EntryRepository } from './entry.repository';
import { Lane } from './lane';
import { LogTails } from './log-tails';
import { ReactionRepository } from './reaction.repository';
import type { CommitListener, ForeignListener, Head, HeadLoader, LogEnds } from './log-ends';

export type { Head } from './log-ends';

/** Enough that the database always has a commit to write while another is prepared or told. */
const LANES = 2;

/** Entries deleted at once. */
const ERASE_PAGE = 1_000;

/**
 * The logs of all rooms. Each room belongs to one lane, which commits for its rooms one group after another; lanes
 * commit side by side.
 */
@Injectable()
export class RoomLog implements BeforeApplicationShutdown {
  private readonly lanes: readonly Lane[];
  private stopping = false;
  private loaded = false;

  constructor(
    private readonly repository: EntryRepository,
    private readonly reactions: ReactionRepository,
    private readonly tails: LogTails,
    hub: Hub,
  ) {
    this.lanes = Array.from({ length: LANES }, () => new Lane(repository, tails, hub));
  }

  /** Appends a message. Resolves once it is on disk, with its entry; for a repeated clientId, with the first one's. */
  post(draft: MessageDraft): Promise<Entry> {
    return this.laneOf(draft.room).post(draft);
  }

  /**
   * Appends an event together with the change it stands for. Resolves once both are on disk, with the entry; with
   * nothing where the draft says that there is nothing to do.
   */
  record(draft: EventDraft): Promise<Entry | undefined> {
    return this.laneOf(draft.room).record(draft);
  }

  /** The end of a room's log, from the database where it is not known yet. */
  head(room: Id): Promise<Head> {
    return this.endsOf(room).head(room);
  }

  /** The end of a room's log if it is known: what has been told up to this very moment. */
  knownHead(room: Id): Head | undefined {
    return this.endsOf(room).known(room);
  }

  /** A room has just been made: its log is empty. Where others may have written to it by now, that is looked up. */
  begin(room: Id): void {
    if (!this.loaded) this.endsOf(room).begin(room);
  }

  /** A room is no more. */
  forget(room: Id): void {
    this.endsOf(room).forget(room);
  }

  /** Deletes a room's whole history, some at a time; false where the server stops before it is done. */
  async erase(room: Id): Promise<boolean> {
    for (const part of [this.reactions, this.repository]) {
      while ((await part.deleteSome(room, ERASE_PAGE)) > 0) if (this.stopping) return false;
    }
    return true;
  }

  /** Registers who sees to an event that another process, or a commit of unknown outcome, put into a log. */
  whenForeign(listener: ForeignListener): void {
    for (const lane of this.lanes) lane.ends.whenForeign(listener);
  }

  /** Registers who passes on what this process has written. */
  whenCommitted(listener: CommitListener): void {
    for (const lane of this.lanes) lane.ends.whenCommitted(listener);
  }

  /** Names who finds out where a log ends, and makes memory of its room fit. */
  loadBy(loader: HeadLoader): void {
    this.loaded = true;
    for (const lane of this.lanes) lane.ends.loadBy(loader);
  }

  /** The newest entry in the database. */
  newest(room: Id): Promise<Entry | undefined> {
    return this.tails.newest(room);
  }

  /** The rooms whose logs' ends are known. */
  knownRooms(): Id[] {
    return this.lanes.flatMap((lane) => [...lane.ends.rooms]);
  }

  /** The end of a room's log need not be known any longer: whether that could be so at this moment. */
  release(room: Id): boolean {
    return this.laneOf(room).release(room);
  }

  /** Another process has put entries into a log. */
  heard(room: Id, entries: readonly Entry[]): void {
    this.endsOf(room).heard(room, entries);
  }

  /** Reads what other processes have put into a log whose end is known, where there are others. */
  readOn(room: Id): Promise<void> {
    return this.loaded ? this.endsOf(room).readOn(room) : Promise.resolve();
  }

  /**
   * Resolves when all that others have put into a log up to a seq, changes of who is in the room, is known here.
   * @throws DomainError UNAVAILABLE where the database does not answer.
   */
  async knowUpTo(room: Id, seq: number): Promise<void> {
    if (!this.loaded) return;
    const ends = this.endsOf(room);
    await ends.head(room);
    if (!ends.isKnown(room, seq)) await ends.readOn(room);
    if (!ends.isKnown(room, seq)) throw new DomainError('UNAVAILABLE', ERROR_TABLE.UNAVAILABLE.sentence);
  }

  /** A room's log goes at least up to a seq. */
  reached(room: Id, seq: number): void {
    this.endsOf(room).reached(room, seq);
  }

  /** Takes nothing new, and waits until all that was taken is on disk and told. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  private endsOf(room: Id): LogEnds {
    return this.laneOf(room).ends;
  }

  /** Ids end in a counter: neighbours are in different lanes. */
  private laneOf(room: Id): Lane {
    return this.lanes[Number.parseInt(room.slice(-2), 16) % LANES]!;
  }
}
