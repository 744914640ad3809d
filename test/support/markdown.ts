import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '../..');

/** A fenced block of code. */
export interface Fence {
  language: string;
  code: string;
}

/** One Markdown file, or a section of it. */
export class Markdown {
  constructor(readonly text: string) {}

  static read(path: string): Markdown {
    return new Markdown(readFileSync(resolve(REPOSITORY, path), 'utf8'));
  }

  /** What stands under a heading, up to the next one of its level or above. */
  section(heading: string): Markdown {
    const lines = this.text.split('\n');
    const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
    if (from < 0) throw new Error(`There is no heading "${heading}".`);
    const level = lines[from]!.indexOf(' ');
    const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
    return new Markdown(lines.slice(from + 1, length < 0 ? undefined : from + 1 + length).join('\n'));
  }

  get fences(): Fence[] {
    return [...this.text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => {
      return { language: language!, code: code! };
    });
  }

  /** Its JSON examples, parsed. */
  get examples(): unknown[] {
    return this.fences.filter(({ language }) => language === 'json').map(({ code }) => JSON.parse(code) as unknown);
  }

  /** The cells of every table's rows, without headings. */
  get rows(): string[][] {
    const rows = this.prose.split('\n').filter((line) => line.startsWith('|'));
    const cells = rows.map((row) => row.slice(1, -1).split(/(?<!\\)\|/));
    const heads = new Set(cells.flatMap(([first], at) => (/^ ?-+ ?$/.test(first ?? '') ? [at - 1, at] : [])));
    return cells.filter((_, at) => !heads.has(at)).map((row) => row.map((cell) => cell.trim()));
  }

  /** Without the fenced blocks. */
  get prose(): string {
    return this.text.replace(/^```[\s\S]*?^```$/gm, '');
  }

  /** What stands in backticks in running text. */
  get codes(): string[] {
    return [...this.prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  }

  get links(): string[] {
    return [...this.prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  }

  /** The names that links to its headings have. */
  get anchors(): string[] {
    const headings = [...this.prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
    return headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
}
