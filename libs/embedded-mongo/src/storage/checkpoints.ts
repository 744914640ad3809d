import type { Background } from '../background/background';
import type { DatabaseFile } from './database-file';

/** So many pages written ahead make the background move them into the database. */
const PAGES_MOVED_AT_ONCE = 1_000;
/** From so many on (32 MB, for which there is room), the writer itself moves the rest, so that it begins anew … */
const PAGES_AHEAD = 8_000;
/** … as soon as it is short, … */
const SHORT_REST = 1_000;
/** … or from so many on (512 MB) whatever it is. Only a reader that lasts makes for more. */
const MOST_PAGES_AHEAD = 128_000;

/** Keeps what is written ahead (the WAL) short without holding up the writer. */
export class Checkpoints {
  private tryAgainAt = 0;

  constructor(
    private readonly file: DatabaseFile,
    private readonly background: Background | undefined,
  ) {}

  /** To be called after each commit. */
  committed(): void {
    const { pages, moved } = this.file.writtenAhead();
    const rest = pages - moved;
    if (rest < PAGES_MOVED_AT_ONCE) return;
    if (!this.background || this.isDue(pages, rest)) this.file.moveWrittenAhead();
    else this.background.moveWrittenAhead();
  }

  private isDue(pages: number, rest: number): boolean {
    if (pages < PAGES_AHEAD) this.tryAgainAt = 0;
    if (pages >= PAGES_AHEAD && rest <= SHORT_REST) return !this.background!.isMoving;
    if (pages < Math.max(MOST_PAGES_AHEAD, this.tryAgainAt)) return false;
    this.tryAgainAt = pages + PAGES_AHEAD;
    return true;
  }
}
