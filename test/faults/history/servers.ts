import { EmbeddedMongo } from '@parley/embedded-mongo';
import { MongoClient, type Db } from 'mongodb';
import { setTimeout as pause } from 'node:timers/promises';
import { Cluster, type ClusterNode } from '../../support/cluster';
import type { Address } from '../../support/people';
import { Line } from '../line';
import { MortalServer } from '../mortal-server';

/** What can be done to servers, each with how often it happens; it resolves when all is mended. */
export type Faults = Readonly<
  Record<string, { weight: number; happens(node: number, forMs: number): Promise<unknown> }>
>;

/** The servers of a history. */
export interface Servers {
  readonly nodes: readonly Address[];
  readonly faults: Faults;
  /** How long the end of a session or of a membership may take from one node to another, whatever befalls them. */
  readonly graceMs: number;
  /** Looks into the database, past the servers. */
  looksInto<T>(work: (database: Db) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** So little may wait for a reader that one which does not read is soon too slow, and one which does read never is. */
export const QUEUE_BYTES = '262144';

/** Milliseconds: what one node has acknowledged, the others know within this time even while Redis is away. */
const ELSEWHERE_WITHIN_MS = 10_000;

/** One server with its database inside of it: it is killed with everything, and stopped for a while. */
export async function oneServer(): Promise<Servers> {
  const server = new MortalServer({ env: { QUEUE_BYTES } });
  await server.starts();
  return {
    nodes: [server],
    graceMs: 0,
    faults: {
      kill: { weight: 3, happens: (_, forMs) => killed(server, forMs) },
      freeze: { weight: 1, happens: (_, forMs) => server.isFrozen(forMs) },
    },
    looksInto: (work) => server.looksInto(work),
    stop: () => server.isGone(),
  };
}

/** Servers whose database is another process's, at the other end of a line that breaks. */
export async function serversOnALine(): Promise<Servers> {
  const database = await EmbeddedMongo.start({ listen: { port: 0 } });
  const port = Number(/:(\d+)\//.exec(database.uri)?.[1]);
  const line = await Line.to(port);
  const server = new MortalServer({
    env: { QUEUE_BYTES, MONGO_URI: database.uri.replace(String(port), String(line.nearPort)) },
  });
  await server.starts();
  const mended = async (forMs: number): Promise<void> => {
    await pause(forMs);
    line.mend();
  };
  return {
    nodes: [server],
    graceMs: 0,
    faults: {
      kill: { weight: 2, happens: (_, forMs) => killed(server, forMs) },
      freeze: { weight: 1, happens: (_, forMs) => server.isFrozen(forMs) },
      'blink of the line': { weight: 3, happens: async () => line.blink() },
      'cut line': { weight: 2, happens: (_, forMs) => (line.cut(), mended(forMs)) },
      'lost answers': { weight: 2, happens: (_, forMs) => (line.loseAnswers(), mended(forMs)) },
    },
    looksInto: async (work) => {
      const client = await new MongoClient(database.uri).connect();
      return work(client.db('parley')).finally(() => client.close());
    },
    stop: async () => {
      await server.isGone();
      line.close();
      await database.stop();
    },
  };
}

/** Several nodes, each with a line of its own to the database, and the Redis by which they hear of each other. */
export async function cluster(count: number): Promise<Servers> {
  const all = await Cluster.starts(count, { QUEUE_BYTES });
  const { redis } = all;
  const at = (node: number): ClusterNode => all.nodes[node]!;
  return {
    nodes: all.nodes,
    graceMs: ELSEWHERE_WITHIN_MS,
    faults: {
      kill: {
        weight: 2,
        happens: (node, forMs) =>
          during(
            forMs,
            () => at(node).isKilled(),
            () => at(node).starts(),
          ),
      },
      freeze: {
        weight: 2,
        happens: (node, forMs) =>
          during(
            forMs,
            () => at(node).pauses(),
            () => at(node).goesOn(),
          ),
      },
      'blink of the line': { weight: 1, happens: async (node) => at(node).line.blink() },
      'cut line': {
        weight: 2,
        happens: (node, forMs) =>
          during(
            forMs,
            () => at(node).line.cut(),
            () => at(node).line.mend(),
          ),
      },
      'lost answers': {
        weight: 1,
        happens: (node, forMs) =>
          during(
            forMs,
            () => at(node).line.loseAnswers(),
            () => at(node).line.mend(),
          ),
      },
      'Redis killed': {
        weight: 2,
        happens: (_, forMs) =>
          during(
            forMs,
            () => redis.stops(),
            () => redis.starts(),
          ),
      },
      'Redis frozen': {
        weight: 1,
        happens: (_, forMs) =>
          during(
            forMs,
            () => redis.pauses(),
            () => redis.goesOn(),
          ),
      },
      'Redis flushed': { weight: 1, happens: () => redis.isFlushed() },
    },
    looksInto: (work) => all.looksInto(work),
    stop: () => all.ends(),
  };
}

async function during(forMs: number, strikes: () => unknown, mends: () => unknown): Promise<void> {
  await strikes();
  await pause(forMs);
  await mends();
}

async function killed(server: MortalServer, forMs: number): Promise<void> {
  await server.isKilled();
  await pause(forMs);
  await server.starts();
}
