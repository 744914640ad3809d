import { createHmac, randomBytes } from 'node:crypto';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Id } from '@parley/contract';
import { inTime } from '../common/in-time';
import { RateLimits } from '../common/rate-limits';
import { ParleyConfig } from '../config/parley-config';
import { signingSecret } from '../config/signing-secret';
import { Acknowledgements } from './acknowledgements';
import type { Message, NoticeListener, NoticeName, Notices } from './notices';
import { Peers } from './peers';
import { RecentNotices } from './recent-notices';
import { type ChannelListener, RedisLine } from './redis-line';
import { RoomChannels, type RoomMessage } from './room-channels';

/** How often each node says that it is there. */
const ALIVE_EVERY_MS = 1_000;

/** A process that did nothing for so long says hello again: others forget a node that is silent for a minute. */
const FORGOTTEN_AFTER_MS = 30_000;

/** Redis that does not bring back what this node said for so long is away. */
const ECHO_WITHIN_MS = 2_500;

/** How long somebody who changed something waits until all nodes have taken it in. */
const DONE_WITHIN_MS = 1_000;

/** How long a start waits for Redis. */
const LISTEN_WITHIN_MS = 2_000;

/** Nodes that come back together are told once what they may have missed. */
const REPEAT_AFTER_MS = 300;

/** Gets what another node says about a room. */
export type RoomListener = (room: Id, message: string) => void;

/** Gets how far a room's log goes, of which not everything was told. */
export type ReachedListener = (room: Id, seq: number) => void;

/**
 * How the nodes tell each other through Redis what each of them did. It is only a hint: what gets lost is found in the
 * database, by whoever asks there (`Patrol`) for as long as the backplane is not `sure`. Without `REDIS_URL` there is
 * one node, nobody to tell, and all of it does nothing.
 */
@Injectable()
export class Backplane implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  /** Whether there may be other nodes. */
  readonly shared: boolean;

  private readonly logger = new Logger('Backplane');
  private readonly node = randomBytes(6).toString('base64url');
  private readonly peers = new Peers();
  private readonly recent = new RecentNotices();
  private readonly acknowledgements = new Acknowledgements();
  private readonly listeners = new Map<NoticeName, NoticeListener<NoticeName>>();
  private line: RedisLine | undefined;
  private rooms: RoomChannels | undefined;
  private prefix = '';
  private said = 0;
  /** Whether Redis counts all nodes that are heard of: where some are at a replica of it, its counts mean nothing. */
  private counts = false;
  private greeted = false;
  private echoAt = -Infinity;
  private beatAt = Infinity;
  private early: Message[] | undefined = [];
  private alive: NodeJS.Timeout | undefined;
  private repeating: NodeJS.Timeout | undefined;
  private onRoom: RoomListener = () => undefined;
  private onReached: ReachedListener = () => undefined;
  private onDoubt: () => void = () => undefined;
  private onGreeted: () => void = () => undefined;

  constructor(
    private readonly config: ParleyConfig,
    private readonly limits: RateLimits,
  ) {
    this.shared = config.redisUrl !== undefined;
  }

  /** Whether everything that other nodes say is heard here, as far as can be known. */
  get sure(): boolean {
    const now = performance.now();
    return now - this.echoAt <= ECHO_WITHIN_MS && !this.peers.isAnyMissed(now);
  }

  /** Whether Redis answers: `absent` where there is none to ask. */
  get redis(): 'up' | 'down' | 'absent' {
    if (!this.shared) return 'absent';
    return performance.now() - this.echoAt <= ECHO_WITHIN_MS ? 'up' : 'down';
  }

  /** How many nodes there are, this one included. */
  get nodes(): number {
    return this.peers.lively(performance.now()).length + 1;
  }

  /** Names who takes a notice in. */
  on<N extends NoticeName>(notice: N, listener: NoticeListener<N>): void {
    this.listeners.set(notice, listener as NoticeListener<NoticeName>);
  }

  /** Names who hears what is said about rooms. */
  whenRoom(listener: RoomListener): void {
    this.onRoom = listener;
  }

  /** Names who hears how far logs go where not everything was told. */
  whenReached(listener: ReachedListener): void {
    this.onReached = listener;
  }

  /** Names who is to ask the database, because something may have been missed. */
  whenInDoubt(listener: () => void): void {
    this.onDoubt = listener;
  }

  /** Names who has something to say to nodes that have just begun to listen. */
  whenGreeted(listener: () => void): void {
    this.onGreeted = listener;
  }

  /** Whether a node was heard of lately. */
  knows(node: string): boolean {
    return this.peers.knows(node);
  }

  /** Whether a node says something every now and then, as those do that are well. */
  hears(node: string): boolean {
    return this.peers.isLively(node, performance.now());
  }

  async onModuleInit(): Promise<void> {
    if (!this.config.redisUrl) return;
    // Whoever does not know the installation's secret does not know its channels either; two can share one Redis.
    const name = createHmac('sha256', await signingSecret(this.config))
      .update('channels')
      .digest('base64url');
    this.prefix = `parley:${name.slice(0, 16)}:`;
    this.line = new RedisLine(this.config.redisUrl, {
      onListening: () => this.greet(),
      onBroken: () => this.rooms?.othersListen(),
    });
    this.rooms = this.channelsOfRooms(this.line);
    this.line.open();
    this.limits.share(this.line.client, this.prefix);
    const listening = this.line.subscribe(
      [`${this.prefix}all`],
      this.unlessBroken((text) => this.hear(text.toString())),
    );
    await atMost(LISTEN_WITHIN_MS, listening);
  }

  /** All parts are there: what came meanwhile is taken in. */
  onApplicationBootstrap(): void {
    const { early } = this;
    this.early = undefined;
    for (const message of early ?? []) this.take(message);
    if (!this.line) return;
    this.alive = setInterval(() => void this.beat(), ALIVE_EVERY_MS);
    this.alive.unref();
    this.greet();
  }

  /** After the log has told what it had to tell. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.line) return;
    clearInterval(this.alive);
    clearTimeout(this.repeating);
    await atMost(DONE_WITHIN_MS, this.say({ says: 'bye' }));
    this.line.close();
  }

  /**
   * Tells all nodes. Resolves when those that are there have taken it in, or after a second: whoever then asks another
   * node finds what has changed. Never rejects.
   */
  async tell<N extends NoticeName>(notice: N, data: Notices[N]): Promise<void> {
    if (!this.line) return;
    this.recent.add(notice, data);
    const others = this.redis === 'up' ? this.peers.lively(performance.now()) : [];
    const what = this.said + 1;
    const done = this.acknowledgements.of(what, others);
    const said = this.say({ says: 'notice', notice, data });
    if (others.length > 0 && (await said)) await atMost(DONE_WITHIN_MS, done);
    this.acknowledgements.forget(what);
  }

  /** Tells all nodes what need not be waited for, nor be told again. */
  mention<N extends NoticeName>(notice: N, data: Notices[N]): void {
    if (this.line) void this.say({ says: 'notice', notice, data, unanswered: true });
  }

  /** Tells the nodes that listen to a room; those that begin to later are told how far its log goes. */
  tellRoom(room: Id, message: RoomMessage): void {
    this.rooms?.tell(room, message);
  }

  /** Resolves when whatever is said about the room from now on is heard; where Redis is away, at once. */
  async listen(room: Id): Promise<void> {
    await this.rooms?.listen(room);
  }

  /** The room is of no interest here any more. */
  ignore(room: Id): void {
    this.rooms?.ignore(room);
  }

  private channelsOfRooms(line: RedisLine): RoomChannels {
    return new RoomChannels(line, this.prefix, {
      node: this.node,
      isUp: () => this.redis === 'up',
      areCounted: () => this.counts,
      sayReached: (rooms) => this.say({ says: 'reached', rooms }),
      announce: (rooms) => this.announce(rooms),
      unlessBroken: (listener) => this.unlessBroken(listener),
      inDoubt: () => this.onDoubt(),
      heard: (room, message) => this.onRoom(room, message),
    });
  }

  /** What cannot be announced is part of the next hello. */
  private async announce(rooms: readonly Id[]): Promise<void> {
    if (!this.early && !(await this.say({ says: 'listens', rooms }))) this.onDoubt();
  }

  /** What cannot be understood is no more than a message that was lost. */
  private unlessBroken(listener: ChannelListener): ChannelListener {
    return (text, channel) => {
      try {
        listener(text, channel);
      } catch (error) {
        this.logger.warn({ err: error }, 'a message of another node was not understood');
        this.onDoubt();
      }
    };
  }

  /** This node has just begun to listen: what it may have missed is asked for, and told once more by the others. */
  private greet(): void {
    this.greeted = false;
    if (this.early) return;
    void this.beat();
    this.onDoubt();
  }

  private async beat(): Promise<void> {
    const now = performance.now();
    if (now - this.beatAt > FORGOTTEN_AFTER_MS) this.greeted = false;
    this.beatAt = now;
    if (this.greeted) await this.say({ says: 'alive' });
    else await this.sayHello();
    await this.rooms!.tryAgain();
  }

  /** What this node said while its line was broken was not heard, and who has not heard of it for long has forgotten it. */
  private async sayHello(): Promise<void> {
    this.greeted = true;
    if (await this.say({ says: 'hello' })) this.onGreeted();
  }

  private hear(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.node === this.node) this.echoAt = performance.now();
    else if (this.early) this.early.push(message);
    else this.take(message);
  }

  private take(message: Message): void {
    const { node, n } = message;
    if (!this.peers.hears(node, n, performance.now())) this.missedSomething();
    if (message.says === 'bye') this.seeOff(node);
    else if (message.says === 'hello') this.welcome();
    else if (message.says === 'listens') this.rooms!.othersListen(message.rooms);
    else if (message.says === 'reached') for (const [room, seq] of message.rooms) this.onReached(room, seq);
    else if (message.says === 'done' && message.to === this.node) this.acknowledgements.take(message.what, node);
    else if (message.says === 'notice') void this.takeIn(message);
  }

  private async takeIn(message: Extract<Message, { says: 'notice' }>): Promise<void> {
    try {
      await this.listeners.get(message.notice)?.(message.data as never, message.node);
    } catch (error) {
      this.logger.warn({ err: error }, `a notice of another node was not taken in: ${message.notice}`);
      this.onDoubt();
    }
    if (!message.unanswered) await this.say({ says: 'done', to: message.node, what: message.n });
  }

  /** Not all of it is in the database: a hello has the others say the rest once more. */
  private missedSomething(): void {
    this.greeted = false;
    this.onDoubt();
    this.rooms!.othersListen();
  }

  /** What it has kept back to the last nobody tells any more. */
  private seeOff(node: string): void {
    this.peers.leaves(node);
    this.onDoubt();
  }

  private welcome(): void {
    this.rooms!.othersListen();
    this.repeatSoon();
  }

  private repeatSoon(): void {
    this.repeating ??= setTimeout(() => {
      this.repeating = undefined;
      for (const { notice, data } of this.recent.all()) this.mention(notice, data);
      this.onGreeted();
    }, REPEAT_AFTER_MS);
  }

  /** Says something to all; whether Redis took it. Where it did not, others miss it, and a hello follows. */
  private async say(what: DistributiveOmit<Message, 'node' | 'n'>): Promise<boolean> {
    const message = { node: this.node, n: ++this.said, ...what };
    const published = this.line!.publish(`${this.prefix}all`, JSON.stringify(message));
    return inTime(DONE_WITHIN_MS, published, () => new Error('no answer in time')).then(
      (listeners) => {
        this.counts = listeners > this.peers.lively(performance.now()).length;
        return true;
      },
      () => (this.greeted = false),
    );
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Waits for something that may as well fail. */
async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  await inTime(ms, promise, () => new Error('no answer in time')).catch(() => undefined);
}
