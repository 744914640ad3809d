/** `npm run db:export -- URI`: copies the embedded database to a MongoDB, documents and indexes. */
import { argv } from 'node:process';
import { copyDatabase } from './database/copy.mjs';
import { databaseOf, MongoClient, withEmbedded } from './database/open.mjs';
import { fail, say } from './setup.mjs';

const [uri] = argv.slice(2);
if (!uri) fail('Usage: npm run db:export -- mongodb://…');
try {
  const other = await MongoClient.connect(uri);
  await withEmbedded((embedded) => copyDatabase(databaseOf(embedded), databaseOf(other, uri), say));
  await other.close();
  say('db:export: done. Stop the server and start it with MONGO_URI.');
} catch (error) {
  fail(`The export ended early: ${error.message}`);
}
