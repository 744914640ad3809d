/** `npm run backup -- FILE`: a consistent copy of the embedded database in a new file, while the server runs or not. */
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { withEmbedded } from './database/open.mjs';
import { fail, say } from './setup.mjs';

const [file] = argv.slice(2);
if (!file) fail('Usage: npm run backup -- FILE');
try {
  const { bytes } = await withEmbedded((client) => client.db('admin').command({ backup: resolve(file) }));
  say(`backup: ${bytes} bytes in ${resolve(file)}`);
} catch (error) {
  fail(`No backup was written: ${error.message}`);
}
