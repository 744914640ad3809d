/**
 * The embedded database as a process of its own, for several nodes on one machine: in the data directory, behind its
 * socket, or with DATABASE_PORT on that port of 127.0.0.1, 0 for any. It says where it is.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { inRoot, isMain } from '../setup.mjs';

/** Opens it. Run it after a build. */
export function openDatabase(dataDir, port) {
  const { EmbeddedMongo } = createRequire(import.meta.url)(inRoot('dist/libs/embedded-mongo/src/index.js'));
  return EmbeddedMongo.start({ directory: join(dataDir, 'db'), ...(port && { listen: { port: Number(port) } }) });
}

async function main() {
  const { DATA_DIR = './data', DATABASE_PORT } = process.env;
  const database = await openDatabase(DATA_DIR, DATABASE_PORT);
  const stop = () => void database.stop().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  process.stdout.write(`The database is ready at ${database.uri}\n`);
}

if (isMain(import.meta.url)) await main();
