import { Logger } from '@nestjs/common';
import { createClient } from '@redis/client';

/** Redis hears of this node, or this node of Redis, at least once a second: longer silence means that the line is dead. */
const SILENT_FOR_MS = 5_000;

/** Commands that may wait for an answer of Redis; what comes beyond is refused at once. */
const OUTSTANDING = 20_000;

/** How long after a break the line is tried again, in ms. */
const RETRY_FROM_MS = 50;
const RETRY_UP_TO_MS = 1_000;

/** Gets each message of a channel. */
export type ChannelListener = (message: string, channel: string) => void;

/** The line to Redis: one connection that speaks and one that listens. Both come back by themselves, whatever happens. */
export class RedisLine {
  private readonly logger = new Logger('Redis');
  private readonly mouth;
  private readonly ear;
  private broken = false;

  /** @param url as `REDIS_URL` has it. @param onListening called whenever the listening side is there (again). */
  constructor(url: string, onListening: () => void) {
    const socket = { reconnectStrategy: retryAfter, connectTimeout: SILENT_FOR_MS, socketTimeout: SILENT_FOR_MS };
    this.mouth = createClient({ url, socket, disableOfflineQueue: true, commandsQueueMaxLength: OUTSTANDING });
    this.ear = createClient({ url, socket });
    this.mouth.on('error', () => undefined);
    this.ear
      .on('error', ({ message }: Error) => this.hasBroken(message))
      .on('ready', () => {
        this.broken = false;
        this.logger.log('listening to the other nodes');
        onListening();
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

  /** Resolves once Redis has the message. Rejects where it is away. */
  publish(channel: string, message: string): Promise<unknown> {
    return this.mouth.sPublish(channel, message);
  }

  /** Resolves once messages of these channels are heard; while Redis is away, once it is back. */
  subscribe(channels: string[], listener: ChannelListener): Promise<void> {
    return this.ear.sSubscribe(channels, listener);
  }

  /** Messages of these channels are of no interest any more. */
  unsubscribe(channels: string[]): Promise<void> {
    return this.ear.sUnsubscribe(channels);
  }

  /** Hangs up. */
  close(): void {
    for (const client of [this.mouth, this.ear]) client.destroy();
  }

  private hasBroken(message: string): void {
    if (!this.broken) this.logger.warn(`Redis is away, the database is asked instead: ${message}`);
    this.broken = true;
  }
}

function retryAfter(tries: number): number {
  return Math.min(RETRY_FROM_MS * 2 ** tries, RETRY_UP_TO_MS) * (0.5 + Math.random() / 2);
}
