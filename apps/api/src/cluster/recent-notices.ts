import type { NoticeName, Notices } from './notices';

/** Longer than a node is cut off without anybody noticing. */
const KEPT_FOR_MS = 5 * 60_000;
const KEPT = 5_000;

interface Recent {
  notice: NoticeName;
  data: Notices[NoticeName];
  at: number;
}

/** What this node has told lately, for those who come back: of each subject only the newest. */
export class RecentNotices {
  private readonly bySubject = new Map<string, Recent>();

  add<N extends NoticeName>(notice: N, data: Notices[N]): void {
    const subject = `${notice} ${subjectOf(data)}`;
    this.bySubject.delete(subject);
    this.bySubject.set(subject, { notice, data, at: performance.now() });
    this.prune();
  }

  /** The oldest first. */
  all(): Recent[] {
    this.prune();
    return [...this.bySubject.values()];
  }

  private prune(): void {
    const since = performance.now() - KEPT_FOR_MS;
    for (const [subject, { at }] of this.bySubject) {
      if (at >= since && this.bySubject.size <= KEPT) return;
      this.bySubject.delete(subject);
    }
  }
}

function subjectOf(data: Notices[NoticeName]): string {
  const { room = '', user = '', session = '' } = data as { room?: string; user?: string; session?: string };
  return `${room} ${user} ${session}`;
}
