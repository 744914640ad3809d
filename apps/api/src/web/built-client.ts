import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Request, Response } from 'express';

/** How a body may be packed, the smallest first, and what a file packed so is called. */
const PACKED = { br: '.br', gzip: '.gz' } as const;
type Encoding = keyof typeof PACKED;
const ENCODINGS = Object.keys(PACKED) as Encoding[];

const PAGE = '/index.html';
/** Where the build puts the files, in its folder, and what `scripts/preloads.mjs` writes beside them. */
const FILES = 'browser';
const PRELOADS = 'preloads.json';
/** What the build names after a hash of the content: it never changes under its name. Other files were named by hand. */
const HASHED = /^\/((main|chunk|styles|polyfills|worker)-[\w-]{8}\.(js|css)|media\/.+-[\w-]{8}\.\w+)$/;
const LONGEST_PAGE_ADDRESS = 1_000;

interface BuiltFile {
  type: string;
  cacheControl: string;
  hash: string;
  plain: Buffer;
  packed: ReadonlyMap<Encoding, Buffer>;
}

/** What pages at some addresses need, so that the browser need not find out: a header `Link`. */
interface Preload {
  address: RegExp;
  link: string;
}

/**
 * The built web client, read into memory once: a build that happens later does not meet a server that runs. Only what
 * was in the folder then can be asked for, so no path leads out of it.
 */
export class BuiltClient {
  private constructor(
    private readonly files: ReadonlyMap<string, BuiltFile>,
    private readonly preloads: readonly Preload[],
  ) {}

  /** The client of a folder that the build made; `undefined` where there is none. */
  static read(folder: string): BuiltClient | undefined {
    const root = join(folder, FILES);
    return existsSync(join(root, PAGE)) ? new BuiltClient(readFiles(root), readPreloads(folder)) : undefined;
  }

  /**
   * Answers a request for a file, or for a page that the client's own router is to show: that is the client's one page.
   * @returns whether it did; otherwise nothing has been sent.
   */
  answer(request: Request, response: Response): boolean {
    const file = this.find(request);
    if (!file) return false;
    const preload = this.preloads.find(({ address }) => address.test(request.path));
    if (preload) response.setHeader('Link', preload.link);
    send(file, request, response);
    return true;
  }

  private find(request: Request): BuiltFile | undefined {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    if (request.path === '/') return this.files.get(PAGE);
    return this.files.get(request.path) ?? (asksForPage(request) ? this.files.get(PAGE) : undefined);
  }
}

function readFiles(root: string): Map<string, BuiltFile> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.filter((path) => !isPacked(path)).map((path) => [addressOf(root, path), path] as const);
  return new Map(files.map(([address, path]) => [address, readBuiltFile(address, path)]));
}

function readPreloads(folder: string): Preload[] {
  const path = join(folder, PRELOADS);
  if (!existsSync(path)) return [];
  const found = JSON.parse(readFileSync(path, 'utf8')) as readonly { pattern: string; link: string }[];
  return found.map(({ pattern, link }) => ({ address: new RegExp(pattern), link }));
}

function isPacked(path: string): boolean {
  return Object.values(PACKED).some((suffix) => path.endsWith(suffix));
}

function addressOf(folder: string, path: string): string {
  return `/${relative(folder, path).replaceAll(sep, '/')}`;
}

function readBuiltFile(address: string, path: string): BuiltFile {
  const plain = readFileSync(path);
  return {
    type: extname(path),
    cacheControl: HASHED.test(address) ? 'public, max-age=31536000, immutable' : 'no-cache',
    hash: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    plain,
    packed: new Map(
      ENCODINGS.filter((encoding) => existsSync(path + PACKED[encoding])).map((encoding) => [
        encoding,
        readFileSync(path + PACKED[encoding]),
      ]),
    ),
  };
}

/** Whether somebody looks at an address in a browser, and it is one that a page may have: no escaped slashes or dots. */
function asksForPage({ headers, path }: Request): boolean {
  return /\btext\/html\b/.test(headers.accept ?? '') && path.length <= LONGEST_PAGE_ADDRESS && isPlain(path);
}

function isPlain(path: string): boolean {
  try {
    return path.split('/').every((part) => !/^\.|[\0-\x1f\x7f/\\]/.test(decodeURIComponent(part)));
  } catch {
    return false;
  }
}

/** Express answers HEAD and `If-None-Match` from what is set here. */
function send(file: BuiltFile, request: Request, response: Response): void {
  const encoding = ENCODINGS.find((each) => file.packed.has(each) && request.acceptsEncodings(each));
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('Cache-Control', file.cacheControl);
  response.setHeader('ETag', `"${file.hash}${encoding ? `-${encoding}` : ''}"`);
  response.type(file.type).send((encoding && file.packed.get(encoding)) ?? file.plain);
}
