/** `npm run db:import -- URI`: copies from a MongoDB into the embedded database, which has to be empty. */
import { argv } from 'node:process';
import { copyDatabase } from './database/copy.mjs';
import { databaseOf, MongoClient, withEmbedded } from './database/open.mjs';
import { fail, say } from './setup.mjs';

const [uri] = argv.slice(2);
if (!uri) fail('Usage: npm run db:import -- mongodb://…');
try {
  const other = await MongoClient.connect(uri);
  await withEmbedded((embedded) => copyDatabase(databaseOf(other, uri), databaseOf(embedded), say));
  await other.close();
  say('db:import: done.');
} catch (error) {
  fail(`The import ended early: ${error.message}`);
}
