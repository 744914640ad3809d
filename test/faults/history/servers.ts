import { EmbeddedMongo } from '@parley/embedded-mongo';
import { MongoClient, type Db } from 'mongodb';
import { setTimeout as pause } from 'node:timers/promises';
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

async function killed(server: MortalServer, forMs: number): Promise<void> {
  await server.isKilled();
  await pause(forMs);
  await server.starts();
}
