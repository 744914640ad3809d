import type { Background } from '../background/background';
import type { DatabaseFile } from './database-file';

/** So many pages written ahead make the background move them into the database: what changed often is moved once. */
const PAGES_MOVED_AT_ONCE = 4_000;
/** From so many on (32 MB, for which there is room), the writer itself moves the rest, so that it begins anew … */
const PAGES_AHEAD = 8_000;
/** … as soon as it is this share of all (until then the background makes it less), … */
const SHORT_REST = 1 / 16;
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
    const many = rest >= (pages < PAGES_AHEAD ? PAGES_MOVED_AT_ONCE : pages * SHORT_REST);
    if (this.background ? this.isDue(pages, rest) : many) this.file.moveWrittenAhead();
    else if (many) this.background!.moveWrittenAhead();
  }

  /** A reader may keep the writer from beginning anew: then it does not try again at once. */
  private isDue(pages: number, rest: number): boolean {
    if (pages < PAGES_AHEAD) this.tryAgainAt = 0;
    const short = pages >= PAGES_AHEAD && rest <= pages * SHORT_REST && !this.background!.isMoving;
    if ((!short && pages < MOST_PAGES_AHEAD) || pages < this.tryAgainAt) return false;
    this.tryAgainAt = pages + PAGES_MOVED_AT_ONCE;
    return true;
  }
}
