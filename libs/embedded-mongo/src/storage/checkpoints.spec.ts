import type { Background } from '../background/background';
import { Checkpoints } from './checkpoints';
import type { DatabaseFile } from './database-file';

/** A file whose pages are counted, not written: so many are written with each commit. */
class Counted {
  pages = 0;
  moved = 0;
  most = 0;
  /** A reader who lasts keeps the writer from beginning anew. */
  isRead = false;
  moves = 0;

  commit(pages: number): void {
    if (this.moved === this.pages && !this.isRead) this.pages = this.moved = 0;
    this.pages += pages;
    this.most = Math.max(this.most, this.pages);
  }

  writtenAhead = (): { pages: number; moved: number } => ({ pages: this.pages, moved: this.moved });

  moveWrittenAhead = (): void => {
    this.moved = this.pages;
    this.moves++;
  };
}

/** A background that moves what is there when it is told to, and is done some commits later. */
class Slow {
  private left = 0;
  private upTo = 0;

  constructor(private readonly file: Counted) {}

  get isMoving(): boolean {
    return this.left > 0;
  }

  moveWrittenAhead = (): void => {
    if (this.isMoving) return;
    this.left = 3;
    this.upTo = this.file.pages;
  };

  commit(): void {
    if (this.left > 0 && --this.left === 0) this.file.moved = this.upTo;
  }
}

function write(file: Counted, commits: number, pages: number): void {
  const background = new Slow(file);
  const checkpoints = new Checkpoints(file as unknown as DatabaseFile, background as unknown as Background);
  for (let i = 0; i < commits; i++) {
    file.commit(pages);
    background.commit();
    checkpoints.committed();
  }
}

it.each([1, 7, 250, 999])('what is written ahead stays short, with %d pages a commit', (pages) => {
  const file = new Counted();
  write(file, 100_000 / pages, pages);
  expect(file.most).toBeLessThan(50_000);
});

it('a reader who lasts does not make every commit move pages', () => {
  const file = new Counted();
  file.isRead = true;
  write(file, 40_000, 1);
  expect(file.moves).toBeLessThan(20);
});
