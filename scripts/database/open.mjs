import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build, inRoot } from '../setup.mjs';

const require = createRequire(import.meta.url);
/** The driver that mongoose brings. */
export const { MongoClient } = require('mongoose').mongo;

/** The folder of the embedded database: that of the server, by the same variable. */
const DIRECTORY = resolve(process.env.DATA_DIR ?? './data', 'db');
/** The server's own database. */
const DATABASE = 'parley';

/** The database that the server would use with this connection string: the one that it names, or its own. */
export function databaseOf(client, uri = '') {
  return client.db(/\/\/[^/]*\/([^?]+)/.exec(uri)?.[1] ?? DATABASE);
}

/**
 * Runs work on the embedded database. While a server runs, through its socket, which lets in nobody but the owner of the
 * data directory; otherwise the database is opened for the time of the work.
 */
export async function withEmbedded(work) {
  const running = await connect(
    `mongodb://${encodeURIComponent(join(DIRECTORY, 'mongo.sock'))}/?directConnection=true`,
  );
  if (running) return work(running).finally(() => running.close());
  build(['server']);
  const { EmbeddedMongo } = require(inRoot('dist/libs/embedded-mongo/src/index.js'));
  const embedded = await EmbeddedMongo.start({ directory: DIRECTORY });
  const client = await MongoClient.connect(embedded.uri);
  return work(client).finally(() => client.close().then(() => embedded.stop()));
}

/** Runs work on the database that the server uses: that of `MONGO_URI`, or the embedded one. It gets the address too. */
export async function withDatabase(work) {
  const uri = process.env.MONGO_URI;
  if (!uri) return withEmbedded((client) => work(client));
  const client = await MongoClient.connect(uri);
  return work(client, uri).finally(() => client.close());
}

function connect(uri) {
  return MongoClient.connect(uri, { serverSelectionTimeoutMS: 1_000 }).catch(() => undefined);
}
