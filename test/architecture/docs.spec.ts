import { CLOSE_CODES, type CommandName, ERROR_CODES, type EventName, LIMITS } from '@parley/contract';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ERROR_TABLE } from '../../apps/api/src/common/error-table';
import { ParleyConfig } from '../../apps/api/src/config/parley-config';
import { Parley } from '../support/app-harness';
import { Conversation } from '../support/conversation';
import { Markdown } from '../support/markdown';
import { PASSWORD } from '../support/people';
import { Recording } from '../support/recording';

const REPOSITORY = resolve(__dirname, '../..');
const exists = (path: string) => existsSync(join(REPOSITORY, path));

const pagesIn = (folder: string) => readdirSync(join(REPOSITORY, folder)).filter((name) => name.endsWith('.md'));
const DECISIONS = pagesIn('docs/decisions').filter((name) => /^\d{4}-/.test(name));
const PAGES = ['.', 'docs', 'docs/decisions'].flatMap((folder) => pagesIn(folder).map((name) => join(folder, name)));

/** Every name of the contract: one too few or too many does not compile. */
const COMMANDS = Object.keys({
  authenticate: true,
  createRoom: true,
  createGroup: true,
  openPrivateRoom: true,
  joinRoom: true,
  addMembers: true,
  leaveRoom: true,
  deleteRoom: true,
  postMessage: true,
  react: true,
  markRead: true,
  sync: true,
  watchPresence: true,
  typing: true,
  ping: true,
} satisfies Record<CommandName, true>);
const EVENTS = Object.keys({
  messagePosted: true,
  messageReacted: true,
  system: true,
  roomAdded: true,
  roomRemoved: true,
  roomRead: true,
  meChanged: true,
  presenceChanged: true,
  typing: true,
  synced: true,
  error: true,
} satisfies Record<EventName, true>);

/** The first cells of tables, as far as they are in backticks. */
const named = (rows: string[][]) => rows.flatMap(([first]) => /^`([^`]+)`$/.exec(first ?? '')?.[1] ?? []);

describe('docs/gateway.md', () => {
  const page = Markdown.read('docs/gateway.md');
  const headings = ({ text }: Markdown) => [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  const eventOf = (example: unknown) => (example as { event?: unknown }).event;

  it('has a section for each command and each event, and for nothing else', () => {
    expect(headings(page.section('Commands')).sort()).toEqual([...COMMANDS].sort());
    expect(headings(page.section('Events')).sort()).toEqual([...EVENTS].sort());
  });

  it.each(COMMANDS)('shows %s: its data, reply, errors and an example', (command) => {
    const section = page.section('Commands').section(command);
    expect(section.text).toMatch(/^Reply/m);
    expect(section.text).toMatch(/^Errors/m);
    expect(eventOf(section.examples[0])).toBe(command);
    expect(section.examples.slice(1).map(eventOf)).toEqual(section.examples.slice(1).map(() => 'reply'));
  });

  it.each(EVENTS)('shows %s with an example', (event) => {
    expect(page.section('Events').section(event).examples.map(eventOf)).toContain(event);
  });

  it('names every error code with its HTTP status', () => {
    const rows = page.section('Errors').rows.map(([code, status]) => `${code} ${status}`);
    expect(rows.sort()).toEqual(ERROR_CODES.map((code) => `\`${code}\` ${ERROR_TABLE[code].status}`).sort());
  });

  it('names in its commands only error codes that there are', () => {
    const codes = page.codes.filter((code) => /^[A-Z]+(_[A-Z]+)+$/.test(code) && code !== 'ALLOWED_ORIGINS');
    expect(codes.filter((code) => !(ERROR_CODES as readonly string[]).includes(code))).toEqual([]);
  });

  it('says of every close code whether to reconnect', () => {
    const rows = page.section('Close codes').rows;
    expect(rows.map(([code]) => Number(code))).toEqual(expect.arrayContaining(Object.values(CLOSE_CODES)));
    for (const [, , reconnect] of rows) expect(reconnect).toMatch(/^(Yes|No)/);
  });

  it('names every limit with its value', () => {
    const rows = page.section('Limits').rows.map(([name, value]) => [name!.replaceAll('`', ''), Number(value)]);
    expect(Object.fromEntries(rows)).toEqual(LIMITS);
    const welcome = page.section('Commands').section('authenticate').examples.at(-1);
    expect(welcome).toMatchObject({ data: { limits: LIMITS } });
  });

  it('names every call of REST', () => {
    const { paths } = JSON.parse(readFileSync(join(REPOSITORY, 'openapi.json'), 'utf8')) as {
      paths: Record<string, object>;
    };
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const shown = page.section('REST').codes.map((code) => code.replace(/\?.*/, ''));
    expect(calls.filter((call) => !shown.includes(call))).toEqual([]);
    expect(shown.filter((code) => /^[A-Z]+ \//.test(code) && !calls.includes(code))).toEqual([]);
  });

  it('has only JSON that parses', () => {
    expect(page.examples.length).toBeGreaterThan(40);
  });

  describe('and a real server', () => {
    let parley: Parley;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'parley-docs-'));
      parley = await Parley.start();
    });
    afterAll(async () => {
      await parley.stop();
      rmSync(folder, { recursive: true });
    });

    it('S9 S10 S11 S14 have the conversation that is written down', async () => {
      const people = [await parley.person('An', '+84912345567'), await parley.person('Binh', '+84912345568')];
      const { written, real } = await Conversation.replay(parley, page.section('A conversation'), people);
      expect(real.length).toBeGreaterThan(15);
      expect(real).toEqual(written);
    });

    it('S1 S14 understand the minimal client, which survives a restart', async () => {
      const minimal = page.section('A minimal client').fences.find(({ language }) => language === 'js')!;
      writeFileSync(join(folder, 'client.mjs'), minimal.code);
      const [an, binh] = await parley.persons('Anna', 'Bert');
      const room = await an!.rest.createRoom({ name: 'Minimal' });
      const client = runClient([join(folder, 'client.mjs'), parley.url, binh!.phone, PASSWORD, room.name]);
      try {
        await an!.connects();
        await an!.hears('system', ({ event }) => event === 'join');
        client.types('Hello from the page');
        await an!.hears('messagePosted', ({ text }) => text === 'Hello from the page');
        await parley.stopApp();
        client.types('Said while nobody listened');
        await parley.startApp();
        await an!.isOnline();
        await an!.hears('messagePosted', ({ text }) => text === 'Said while nobody listened');
        await an!.says(room, 'Welcome');
        await client.lines.first('the answer', (line) => line === 'Anna: Welcome');
        expect(client.lines.all).toEqual([
          'Bert: Hello from the page',
          'Bert: Said while nobody listened',
          'Anna: Welcome',
        ]);
      } finally {
        client.stops();
      }
    });
  });
});

/** A client in a process of its own. */
function runClient(command: readonly string[]) {
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = new Recording<string>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    parts.forEach((line) => lines.add(line));
  });
  return { lines, types: (line: string) => child.stdin.write(`${line}\n`), stops: () => child.kill() };
}

describe('README.md', () => {
  const rows = Markdown.read('README.md').section('Configuration').rows;

  it('has a row for each variable that the configuration reads, and no other', () => {
    const asked = new Set<string>();
    ParleyConfig.from(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }));
    expect(named(rows).sort()).toEqual([...asked].sort());
  });

  it.each(rows)('tells the true default of %s: %s', (variable, cell) => {
    const name = variable!.replaceAll('`', '');
    const values = new Markdown(cell ?? '').codes;
    const defaults = ParleyConfig.from({});
    if (values.length === 0) expect([undefined, false, []]).toContainEqual(settingOf(defaults, name));
    else expect(values.map((value) => ParleyConfig.from({ [name]: value }))).toContainEqual(defaults);
  });
});

/** `mongoUri` for `MONGO_URI`; `NODE_ENV` decides about `production`. */
function settingOf(config: ParleyConfig, variable: string): unknown {
  const property = variable.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Reflect.get(config, variable === 'NODE_ENV' ? 'production' : property);
}

describe.each(PAGES)('%s', (path) => {
  const page = Markdown.read(path);

  it('links only to what there is', () => {
    const dead = page.links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(path, link));
    expect(dead).toEqual([]);
  });

  it('names only paths that there are', () => {
    expect(page.codes.filter((code) => isPath(code) && !PLACES.some((place) => exists(place + code)))).toEqual([]);
  });

  it('keeps its prose within 120 characters a line', () => {
    const isProse = (line: string) => !line.startsWith('|') && !/https?:/.test(line);
    expect(page.prose.split('\n').filter((line) => isProse(line) && line.length > 120)).toEqual([]);
  });
});

function leadsSomewhere(from: string, link: string): boolean {
  const [file, anchor] = link.split('#') as [string, string?];
  const target = file === '' ? from : join(dirname(from), file);
  if (!exists(target)) return false;
  return anchor === undefined || Markdown.read(target).anchors.includes(anchor);
}

/** Where a path in backticks may begin: at the top, in the server, in a library. */
const PLACES = ['', 'apps/api/src/', 'libs/contract/src/', 'libs/sdk/src/', 'libs/embedded-mongo/src/'];

/** A file of ours, or something in one of the rooms of the house; a pattern such as `*.schema.ts` is none. */
function isPath(code: string): boolean {
  if (!/^[\w.@/-]+$/.test(code) || /(^|\/)(x|noun)\./.test(code)) return false;
  return (
    /^(apps|libs|test|scripts|docker|bench|docs|\.ci)\/./.test(code) || /^[\w./-]+\.(ts|mjs|cjs|md|yml)$/.test(code)
  );
}

describe('docs/decisions', () => {
  it('has its index complete, and numbers without a gap', () => {
    const index = Markdown.read('docs/decisions/README.md');
    expect(index.links.filter((link) => /^\d{4}-/.test(link))).toEqual(DECISIONS);
    expect(DECISIONS.map((name) => Number(name.slice(0, 4)))).toEqual(DECISIONS.map((_, at) => at + 1));
  });

  it.each(DECISIONS)('%s says context, choice and price', (name) => {
    const { text } = Markdown.read(`docs/decisions/${name}`);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(['Context', 'Choice', 'Price']);
  });
});
