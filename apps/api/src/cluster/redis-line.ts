import { Logger } from '@nestjs/common';
import { createClient } from '@redis/client';

/** Redis hears of this node, or this node of Redis, at least once a second: longer silence means that the line is dead. */
const SILENT_FOR_MS = 5_000;

/** Commands that may wait for an answer of Redis; what comes beyond is refused at once. */
const OUTSTANDING = 20_000;

/** How long after a break the line is tried again, in ms. */
const RETRY_FROM_MS = 50;
const RETRY_UP_TO_MS = 1_000;

/** Gets each message of a channel, as bytes: many need not be read. */
export type ChannelListener = (message: Buffer, channel: Buffer) => void;

/** Who is told how the line is. */
export interface LineListener {
  /** The listening side is there (again). */
  onListening(): void;
  /** The listening side has broken, or could not come back yet. */
  onBroken(): void;
}

const AS_BYTES = true;

/** The line to Redis: one connection that speaks and one that listens. Both come back by themselves, whatever happens. */
export class RedisLine {
  private readonly logger = new Logger('Redis');
  private readonly mouth;
  private readonly ear;
  private broken = false;

  /** @param url as `REDIS_URL` has it. */
  constructor(
    url: string,
    private readonly listener: LineListener,
  ) {
    const socket = { reconnectStrategy: retryAfter, connectTimeout: SILENT_FOR_MS, socketTimeout: SILENT_FOR_MS };
    this.mouth = createClient({ url, socket, disableOfflineQueue: true, commandsQueueMaxLength: OUTSTANDING });
    this.ear = createClient({ url, socket });
    this.mouth.on('error', () => undefined);
    this.ear
      .on('error', ({ message }: Error) => this.hasBroken(message))
      .on('ready', () => {
        this.broken = false;
        this.logger.log('listening to the other nodes');
        listener.onListening();
      });
  }

  /** Connects, and goes on trying for ever where Redis is away. */
  open(): void {
    for (const client of [this.mouth, this.ear]) client.connect().catch(() => undefined);
  }

  /** The speaking side, for limits that are counted in Redis. */
  get client(): object {
    return this.mouth;
  }

  /** Resolves once Redis has the message, to how many it gave it. Rejects where it is away. */
  publish(channel: string, message: string): Promise<number> {
    return this.mouth.sPublish(channel, message);
  }

  /** Resolves once messages of these channels are heard; while Redis is away, once it is back. */
  subscribe(channels: string[], listener: ChannelListener): Promise<void> {
    return this.ear.sSubscribe(channels, listener, AS_BYTES);
  }

  /** The listener's messages of these channels are of no interest any more; they may be again at once. */
  unsubscribe(channels: string[], listener: ChannelListener): Promise<void> {
    // Without the listener the client takes a channel that is being left for one that it has.
    return this.ear.sUnsubscribe(channels, listener, AS_BYTES);
  }

  /** Hangs up. */
  close(): void {
    for (const client of [this.mouth, this.ear]) client.destroy();
  }

  private hasBroken(message: string): void {
    if (!this.broken) this.logger.warn(`Redis is away, the database is asked instead: ${message}`);
    this.broken = true;
    this.listener.onBroken();
  }
}

function retryAfter(tries: number): number {
  return Math.min(RETRY_FROM_MS * 2 ** tries, RETRY_UP_TO_MS) * (0.5 + Math.random() / 2);
}
