import type { Id } from '@parley/contract';
import { inTime } from '../common/in-time';
import { metrics } from '../common/metrics';
import { Audiences } from './audiences';
import type { ChannelListener, RedisLine } from './redis-line';

/** How long a room waits for its channel. */
const LISTEN_WITHIN_MS = 2_000;

/** Rooms that one message says the ends of. */
const KEPT_AT_ONCE = 5_000;

const SPACE = 0x20;

/** Something to say about a room, and the seq up to which its log goes with it. */
export interface RoomMessage {
  text(): string;
  seq: number;
}

/** What the channels of rooms need of that of all nodes. */
export interface AllNodes {
  /** This node's name. */
  readonly node: string;
  /** Whether Redis answers. */
  isUp(): boolean;
  /** Whether Redis counts all nodes that are heard of: where some are at a replica of it, its counts mean nothing. */
  areCounted(): boolean;
  /** Says to all how far logs go; whether Redis took it. */
  sayReached(rooms: [room: Id, seq: number][]): Promise<boolean>;
  /** Says to all that this node listens to rooms from now on, sooner or later. */
  announce(rooms: readonly Id[]): Promise<void>;
  /** The listener, of which what it cannot understand is no more than a message that was lost. */
  unlessBroken(listener: ChannelListener): ChannelListener;
  /** Something may have been missed. */
  inDoubt(): void;
  /** Another node has said something about a room. */
  heard(room: Id, message: string): void;
}

/** A channel for each room that is of interest here, on which what no other node listens to is not told. */
export class RoomChannels {
  private readonly rooms = new Set<Id>();
  /** Those whose channels have still to be subscribed to, as a line broke meanwhile. */
  private readonly toFollow: Id[] = [];
  private readonly audiences = new Audiences();
  private readonly own: Buffer;
  private readonly listener: ChannelListener;
  private told = 0;
  private joining: { rooms: Id[]; done: Promise<void> } | undefined;

  /** @param prefix of the channels' names, before the id of a room. */
  constructor(
    private readonly line: RedisLine,
    private readonly prefix: string,
    private readonly nodes: AllNodes,
  ) {
    this.own = Buffer.from(nodes.node);
    this.listener = nodes.unlessBroken((text, channel) => this.hear(text, channel));
  }

  /** Tells the nodes that listen to a room; those that begin to later are told how far its log goes. */
  tell(room: Id, { text, seq }: RoomMessage): void {
    if (this.audiences.isAlone(room)) {
      this.audiences.keep(room, seq);
      if (this.nodes.areCounted() && this.nodes.isUp()) return;
    }
    void this.publish(room, text(), seq);
  }

  /** Resolves when whatever is said about the room from now on is heard; where Redis is away, at once. */
  listen(room: Id): Promise<void> {
    if (this.rooms.has(room)) return Promise.resolve();
    this.rooms.add(room);
    this.joining ??= { rooms: [], done: nextTurn().then(() => this.join()) };
    this.joining.rooms.push(room);
    return this.joining.done;
  }

  /** The room is of no interest here any more. */
  ignore(room: Id): void {
    if (!this.rooms.delete(room)) return;
    this.line.unsubscribe([this.channelOf(room)], this.listener).catch(() => undefined);
    this.othersListen([room]);
  }

  /** Other nodes may listen to these rooms, or to any: they get what was kept back. */
  othersListen(rooms?: readonly Id[]): void {
    this.audiences.othersListen(rooms);
    this.tellKept(rooms);
  }

  /** Does once more what did not succeed while the line was broken. */
  async tryAgain(): Promise<void> {
    this.tellKept();
    const rooms = this.toFollow.splice(0).filter((room) => this.rooms.has(room));
    if (rooms.length === 0) return;
    await this.follow(rooms);
    this.nodes.inDoubt();
  }

  /** What one turn asked for is one command. Who reads a log before that is done may miss what is written meanwhile. */
  private async join(): Promise<void> {
    const { rooms } = this.joining!;
    this.joining = undefined;
    const following = this.follow(rooms);
    const late = (): void => void following.then(() => this.nodes.inDoubt());
    if (!this.nodes.isUp()) return late();
    await inTime(LISTEN_WITHIN_MS, following, () => new Error('no answer in time')).catch(late);
  }

  /**
   * What is under way when the line breaks is lost with it: it is asked for again with the next beat. Whoever was alone
   * in these rooms has kept back what it wrote: it is told that it is so no more. Never rejects.
   */
  private async follow(rooms: readonly Id[]): Promise<void> {
    const channels = rooms.map((room) => this.channelOf(room));
    try {
      await this.line.subscribe(channels, this.listener);
    } catch {
      this.toFollow.push(...rooms);
      return this.nodes.inDoubt();
    }
    await this.nodes.announce(rooms);
  }

  private tellKept(rooms?: readonly Id[]): void {
    const kept = this.audiences.takeKept(rooms);
    while (kept.length > 0) void this.tellReached(kept.splice(-KEPT_AT_ONCE));
  }

  private async tellReached(rooms: [Id, number][]): Promise<void> {
    if (await this.nodes.sayReached(rooms)) return;
    for (const [room, seq] of rooms) this.audiences.keep(room, seq);
  }

  private async publish(room: Id, text: string, seq: number): Promise<void> {
    const n = ++this.told;
    metrics.published.inc();
    try {
      const listeners = await this.line.publish(this.channelOf(room), `${this.nodes.node}${n} ${text}`);
      this.audiences.answered(room, n, listeners);
    } catch {
      this.audiences.keep(room, seq);
    }
  }

  /** An own message is known by its first bytes, and not read any further. */
  private hear(text: Buffer, channel: Buffer): void {
    const room = channel.toString('latin1', this.prefix.length);
    const begin = text.indexOf(SPACE);
    const { length } = this.own;
    if (text.compare(this.own, 0, length, 0, length) === 0) {
      return this.audiences.echoed(room, Number(text.toString('latin1', length, begin)));
    }
    this.othersListen([room]);
    this.nodes.heard(room, text.toString('utf8', begin + 1));
  }

  private channelOf(room: Id): string {
    return `${this.prefix}${room}`;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
