import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '../..');
const SETTINGS = ['package.json', 'tsconfig.json', 'eslint.config.mjs', '.dependency-cruiser.cjs', 'scripts'];

/** A copy of the house with its rules and packages, but with no code other than what a test plants. */
export class PlantedHouse {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-house-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const path of SETTINGS) cpSync(join(REPOSITORY, path), join(this.folder, path), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) this.plant(path, text);
  }

  /** Runs a tool of node_modules in the house and gives what it printed. */
  run(tool: string, ...args: string[]): string {
    const command = [join('node_modules', tool), ...args];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: this.folder, encoding: 'utf8' });
    if (stdout === '') throw new Error(`${tool} printed nothing: ${stderr}`);
    return stdout;
  }

  /** A path as tools print it, as one of the house. */
  inside(path: string): string {
    return path.slice(this.folder.length + 1);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private plant(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }
}
