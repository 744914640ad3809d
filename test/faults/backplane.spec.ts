import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Backplane } from '../../apps/api/src/cluster/backplane';
import { metrics } from '../../apps/api/src/common/metrics';
import { RateLimits } from '../../apps/api/src/common/rate-limits';
import { ParleyConfig } from '../../apps/api/src/config/parley-config';
import { soon } from '../support/deadline';
import { RedisProcess } from '../support/redis-process';

const SECRET = 'the same at all nodes, and long enough';

/** What the nodes write, they number together. */
let newestInDatabase = 0;

/** A node as far as others can see it. */
class Node {
  readonly heard: string[] = [];
  /** How often it was told to ask the database, and how far that went when it was last told so. */
  doubts = 0;
  private asked = 0;
  private readonly backplane: Backplane;
  private stopped: Promise<void> | undefined;

  private constructor(url: string) {
    const config = ParleyConfig.from({ MONGO_URI: 'mongodb://nobody.asks', REDIS_URL: url, JWT_SECRET: SECRET });
    this.backplane = new Backplane(config, new RateLimits(config));
    this.backplane.whenRoom((_room, message) => this.heard.push(message));
    this.backplane.whenReached((_room, seq) => this.heard.push(`up to ${seq}`));
    this.backplane.whenInDoubt(() => {
      this.doubts++;
      this.asked = newestInDatabase;
    });
  }

  static async starts({ url }: RedisProcess): Promise<Node> {
    const node = new Node(url);
    await node.backplane.onModuleInit();
    node.backplane.onApplicationBootstrap();
    return node;
  }

  listens(room: string): Promise<void> {
    return this.backplane.listen(room);
  }

  ignores(room: string): void {
    this.backplane.ignore(room);
  }

  /** Writes the next message of a room. */
  writes(room: string): number {
    const seq = ++newestInDatabase;
    this.backplane.tellRoom(room, { text: () => `text ${seq}`, seq });
    return seq;
  }

  async hears(seq: number): Promise<void> {
    await eventually(() => expect(this.heard).toContain(`text ${seq}`));
  }

  /** Hears one of the messages that are written from now on. */
  async hearsAgain(writes: () => number): Promise<void> {
    const first = writes();
    await eventually(() => {
      writes();
      const newest = this.heard.findLast((each) => each.startsWith('text '));
      expect(Number(newest?.slice('text '.length))).toBeGreaterThan(first);
    });
  }

  /** Hears of it, or has been told to ask the database since it is there. */
  async getsToKnow(seq: number): Promise<void> {
    await eventually(() => expect(this.asked >= seq || this.heard.some((each) => each.endsWith(` ${seq}`))).toBe(true));
  }

  async hearsOf(seq: number): Promise<void> {
    await eventually(() => expect(this.heard.some((each) => each.endsWith(` ${seq}`))).toBe(true));
  }

  async isUp(nodes: number): Promise<void> {
    await eventually(() => expect([this.backplane.redis, this.backplane.nodes]).toEqual(['up', nodes]));
  }

  /** Writes until it does not tell any more, and then one more, of which it says the number. */
  async fallsSilent(room: string): Promise<number> {
    return soon(async () => {
      const before = await published();
      const said = this.writes(room);
      const after = await published();
      await nextTurn();
      expect(after).toBe(before);
      return said;
    });
  }

  stops(): Promise<void> {
    return (this.stopped ??= this.backplane.onApplicationShutdown());
  }
}

async function published(): Promise<number> {
  return (await metrics.published.get()).values[0]!.value;
}

function eventually(check: () => void): Promise<void> {
  return soon(async () => {
    await nextTurn();
    check();
  });
}

describe('Nodes tell each other about rooms, as far as others listen', () => {
  let redis: RedisProcess;
  let one: Node;
  let other: Node;
  let room: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await RedisProcess.starts();
  });
  beforeEach(async () => {
    room = crypto.randomUUID();
    [one, other] = [await Node.starts(redis), await Node.starts(redis)];
    await Promise.all([one.isUp(2), other.isUp(2)]);
    await one.listens(room);
  });
  afterEach(() => Promise.all([one.stops(), other.stops()]));
  afterAll(() => redis.stops());

  it('a node that is alone in a room falls silent', async () => {
    await one.fallsSilent(room);
  });

  it('one that both listen to is told as a whole', async () => {
    await other.listens(room);
    for (let count = 0; count < 20; count++) await other.hears(one.writes(room));
  });

  it('who begins to listen is told how far it went, and all that follows', async () => {
    const newest = await one.fallsSilent(room);
    await other.listens(room);
    await other.hearsOf(newest);
    await other.hears(one.writes(room));
  });

  it('falls silent again when the other one has gone, and tells when it is back', async () => {
    await other.listens(room);
    await other.hears(one.writes(room));
    other.ignores(room);
    const newest = await one.fallsSilent(room);
    await other.listens(room);
    await other.hearsOf(newest);
  });

  it('a room that is left and listened to again at once is heard', async () => {
    await other.listens(room);
    other.ignores(room);
    await other.listens(room);
    await other.hears(one.writes(room));
  });

  it('nothing is missed by one who comes again and again while the other one writes', async () => {
    for (let count = 0; count < 100; count++) {
      one.writes(room);
      const coming = other.listens(room);
      one.writes(room);
      await coming;
      const newest = one.writes(room);
      await other.hearsOf(newest);
      other.ignores(room);
    }
  });

  it('whoever is cut off, what was kept back is told when they are back, and all that follows', async () => {
    for (let count = 0; count < 10; count++) {
      await one.fallsSilent(room);
      const cut = redis.cutsListeners();
      const coming = other.listens(room);
      const newest = one.writes(room);
      await Promise.all([cut, coming]);
      await other.getsToKnow(newest);
      await other.hearsAgain(() => one.writes(room));
      other.ignores(room);
    }
  });

  it('who got no answer from Redis in time asks the database once it listens', async () => {
    redis.pauses();
    await other.listens(room);
    const { doubts } = other;
    redis.goesOn();
    await eventually(() => expect(other.doubts).toBe(doubts + 1));
  });

  it('what was said while Redis was away is told when it is back, or asked for by who comes back later', async () => {
    await other.listens(room);
    await redis.stops();
    const newest = one.writes(room);
    await redis.starts();
    await other.getsToKnow(newest);
  });

  it('what was kept back before Redis was started anew is told to who listens then, or asked for', async () => {
    await one.fallsSilent(room);
    await redis.stops();
    const newest = one.writes(room);
    void other.listens(room);
    await redis.starts();
    await other.getsToKnow(newest);
  });

  it('who hears that another one stops asks the database, for what it kept back to the last', async () => {
    await one.fallsSilent(room);
    const { doubts } = other;
    await one.stops();
    await eventually(() => expect(other.doubts).toBe(doubts + 1));
  });
});
