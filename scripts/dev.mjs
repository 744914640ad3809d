/**
 * The server, built and started anew at every change, and before it Angular's development server, whose pages follow
 * every change by themselves. They start and end together.
 */
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import process from 'node:process';
import { inRoot, install, nodePath, say } from './setup.mjs';

const COMMANDS = [
  ['node_modules/@nestjs/cli/bin/nest.js', 'start', '--watch', '--preserveWatchOutput'],
  ['node_modules/@angular/cli/bin/ng.js', 'serve'],
];

/** The two find each other on the ports that the proxy of the one knows, whatever PORT says to an ordinary start. */
const PORT = '';

/** As the head of a process group of its own: whatever it starts in turn can be told to stop with it. */
function start([script, ...args]) {
  const env = { ...process.env, PORT, PATH: [inRoot('node_modules/.bin'), process.env.PATH].join(delimiter) };
  const stdio = ['ignore', 'inherit', 'inherit'];
  return spawn(nodePath(), [inRoot(script), ...args], { cwd: inRoot(''), env, stdio, detached: true });
}

function stop({ pid }) {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}

install();
const running = COMMANDS.map(start);
const stopAll = () => running.forEach(stop);
for (const child of running) child.on('exit', stopAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAll);
say('The client is at http://localhost:4200 and follows every change; Ctrl-C stops it and the server.');
