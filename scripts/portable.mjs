/** What is tracked must not know the machine that it was written on, nor a registry's address. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fail, inRoot } from './setup.mjs';

const FORBIDDEN = [
  { what: 'a path of one machine', pattern: /(?<![\w.$}~-])\/(root|work|home|Users|tmp|opt)\/[\w.-]/ },
  { what: 'a registry address', pattern: /\b(registry\.[\w-]+\.[a-z]+|deb\.debian\.[a-z]+|codeload\.[\w.]+)/ },
];
const TEXT = /\.(ts|js|mjs|cjs|json|ya?ml|md|html|css|sh|txt)$|Dockerfile$|\.ci\/run$|\.npmrc$|\.env\.example$/;

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: inRoot(''), encoding: 'utf8' }).split('\0');
const findings = tracked
  .filter((path) => TEXT.test(path) && path !== 'scripts/portable.mjs')
  .flatMap((path) =>
    readFileSync(inRoot(path), 'utf8')
      .split('\n')
      .map((line, at) => ({ path, line, at: at + 1 })),
  )
  .flatMap(({ path, line, at }) =>
    FORBIDDEN.filter(({ pattern }) => pattern.test(line)).map(
      ({ what }) => `${path}:${at}: ${what}: ${line.trim().slice(0, 100)}`,
    ),
  );
if (findings.length > 0) fail(findings.join('\n'));
