/** The embedded database in a process of its own. Arguments: the library's folder and the data directory. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import process from 'node:process';

const [, , library, directory] = process.argv;
const own = process.memoryUsage().rss;
const { EmbeddedMongo } = createRequire(import.meta.url)(join(library, 'index.js'));
const began = performance.now();
const mongo = await EmbeddedMongo.start({ directory });
const startedIn = performance.now() - began;

process.on('SIGTERM', () => void mongo.stop().then(() => process.exit(0)));
console.log(`ready at ${pathToFileURL(join(directory, 'mongo.sock'))}?own=${own}&startedIn=${startedIn}`);
