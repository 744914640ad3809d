import process from 'node:process';
import { installDebian } from './debian.mjs';
import { fetchMongod } from './mongod.mjs';
import { become, build, install } from './setup.mjs';

/** Debian packages that tests drive. A name here is enough for every machine, CI's included, to have it. */
const DEBIAN_PACKAGES = ['chromium-headless-shell', 'fonts-noto-core', 'fonts-noto-color-emoji', 'redis-server'];

install();
installDebian(DEBIAN_PACKAGES);
fetchMongod();
build();
become(['node_modules/jest/bin/jest.js', ...process.argv.slice(2)]);
