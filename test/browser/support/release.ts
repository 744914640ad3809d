import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '../../..');
const HASHED = /\b(main|chunk|styles)-([\w-]{8})\.(js|css)\b/g;

/** A copy of what was built, of which newer versions come out: a server has them when it is started again. */
export class Release {
  private readonly folder: string;

  constructor() {
    // Inside of the repository, where Node finds the packages.
    mkdirSync(join(REPOSITORY, '.cache'), { recursive: true });
    this.folder = mkdtempSync(join(REPOSITORY, '.cache/release-'));
    for (const part of ['apps', 'libs'])
      cpSync(join(REPOSITORY, 'dist', part), join(this.folder, part), { recursive: true });
  }

  /** What starts its server. */
  get main(): string {
    return join(this.folder, 'apps/api/src/main.js');
  }

  /** A newer version comes out: every script and style sheet has another name, as after a change that reaches all. */
  isRenewed(): void {
    const client = join(this.folder, 'apps/web/browser');
    const names = readdirSync(client);
    for (const name of names.filter((each) => /\.(br|gz)$/.test(each))) rmSync(join(client, name));
    for (const name of names.filter((each) => /\.(html|js|css)$/.test(each))) {
      const text = renamed(readFileSync(join(client, name), 'utf8'));
      rmSync(join(client, name));
      writeFileSync(join(client, renamed(name)), text);
    }
    const manifest = join(client, 'ngsw.json');
    writeFileSync(manifest, rehashed(renamed(readFileSync(manifest, 'utf8')), client));
  }

  isGone(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function renamed(text: string): string {
  return text.replace(HASHED, (_name, kind: string, hash: string, type: string) => {
    return `${kind}-${[...hash].reverse().join('')}.${type}`;
  });
}

function rehashed(manifest: string, client: string): string {
  const parsed = JSON.parse(manifest) as { timestamp: number; hashTable: Record<string, string> };
  const hashTable = Object.fromEntries(Object.keys(parsed.hashTable).map((name) => [name, sha1(join(client, name))]));
  return JSON.stringify({ ...parsed, timestamp: parsed.timestamp + 1, hashTable });
}

function sha1(path: string): string {
  return createHash('sha1').update(readFileSync(path)).digest('hex');
}
