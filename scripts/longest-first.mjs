import { statSync } from 'node:fs';
import TestSequencer from '@jest/test-sequencer';

/** What takes long and does not look it: tables of views, and servers that are killed over and over. */
const LONG = [/[/\\]browser[/\\]views-/, /[/\\]faults[/\\]/];

/**
 * In which order Jest runs the files of tests: the longest first, so that no worker goes on long after the others. Jest
 * itself goes by what it has measured, which on a fresh machine is nothing, and then by the size of files.
 */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const weights = new Map(tests.map(({ path }) => [path, weightOf(path)]));
    return [...tests].sort((a, b) => weights.get(b.path) - weights.get(a.path));
  }
}

function weightOf(path) {
  const rank = LONG.findIndex((pattern) => pattern.test(path));
  const { size } = statSync(path);
  return rank < 0 ? size : size + (LONG.length - rank) * 10_000_000;
}
