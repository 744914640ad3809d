import process from 'node:process';
import { become, build, install } from './setup.mjs';

install();
build();
become(['--enable-source-maps', 'dist/apps/api/src/main.js', ...process.argv.slice(2)]);
