import { join } from 'node:path';
import { EmbeddedMongo } from '@parley/embedded-mongo';
import type { ParleyConfig } from '../config/parley-config';

/** The database that a server talks to, and how to let go of it. */
export interface Database {
  uri: string;
  close(): Promise<void>;
}

/**
 * The MongoDB that the configuration names, or the embedded one in the data directory.
 * @throws DirectoryInUse, DirectoryUnusable with one clear sentence.
 */
export async function openDatabase({ mongoUri, dataDir }: ParleyConfig): Promise<Database> {
  if (mongoUri !== undefined) return { uri: mongoUri, close: () => Promise.resolve() };
  const embedded = await EmbeddedMongo.start({ directory: join(dataDir, 'db') });
  return { uri: embedded.uri, close: () => embedded.stop() };
}
