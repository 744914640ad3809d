import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Backplane } from './backplane';

/** Asks the database what changed since a moment; rejects where it did not answer. */
export type Inquiry = (since: Date) => Promise<void>;

/** How often the database is asked while something may be missed. */
const QUICK_EVERY_MS = 1_000;

/** How often it is asked in any case. */
const SWEEP_EVERY_MS = 15_000;

/** Further back than the last time by this, for clocks that differ and for writes that took long. */
const QUICK_OVERLAP_MS = 4_000;
const SWEEP_OVERLAP_MS = 30_000;

/** Asked once more after so long: what was in flight when the line came back is on disk by then. */
const LINGER_MS = 3_000;

/**
 * Finds in the database what the backplane did not bring: every second while Redis or a node is missed, and now and
 * then in any case. Whatever time was missed, a pause of the whole process included, is asked for.
 */
@Injectable()
export class Patrol implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Patrol');
  private readonly inquiries: Inquiry[] = [];
  /** Since when answers are missing, in each of the two ways to ask. */
  private quickFrom = new Date();
  private sweepFrom = new Date();
  private doubtUntil = performance.now() + LINGER_MS;
  private timer: NodeJS.Timeout | undefined;
  private walking: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(private readonly backplane: Backplane) {}

  /** Adds something to be asked. */
  add(inquiry: Inquiry): void {
    this.inquiries.push(inquiry);
  }

  onApplicationBootstrap(): void {
    if (!this.backplane.shared) return;
    this.backplane.whenInDoubt(() => this.doubt());
    this.timer = setInterval(() => this.look(), QUICK_EVERY_MS);
    this.timer.unref();
    this.doubt();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Something may have been missed: asks at once, and for a while. */
  private doubt(): void {
    this.doubtUntil = performance.now() + LINGER_MS;
    this.again = this.walking !== undefined;
    this.look();
  }

  private look(): void {
    if (this.stopped || this.walking) return;
    if (!this.backplane.sure) this.doubtUntil = performance.now() + LINGER_MS;
    const sweeps = Date.now() - this.sweepFrom.getTime() >= SWEEP_EVERY_MS;
    if (!sweeps && performance.now() >= this.doubtUntil) return;
    this.walking = this.walk(sweeps).finally(() => {
      this.walking = undefined;
      if (this.again) this.doubt();
    });
  }

  private async walk(sweeps: boolean): Promise<void> {
    const began = new Date();
    const since = sweeps
      ? new Date(this.sweepFrom.getTime() - SWEEP_OVERLAP_MS)
      : new Date(this.quickFrom.getTime() - QUICK_OVERLAP_MS);
    try {
      for (const inquiry of this.inquiries) await inquiry(since);
      this.quickFrom = began;
      if (sweeps) this.sweepFrom = began;
    } catch (error) {
      this.doubtUntil = performance.now() + LINGER_MS;
      this.logger.debug({ err: error }, 'the database does not say what was missed');
    }
  }
}
