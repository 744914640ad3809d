import process from 'node:process';
import { become, build, install } from './setup.mjs';

/** `npm run start:cluster -- 3`: three servers on this machine. */
install();
build();
become(['--enable-source-maps', 'scripts/cluster/run.mjs', ...process.argv.slice(2)]);
