import { BehaviorSubject, finalize, map, distinctUntilChanged, defer, Subject, type Observable } from 'rxjs';
import type { OutboxNews, OutboxPeers } from '../src/outbox-peers';

/** The clients that share one storage: each hears what the others tell, and the first that asks has the turn. */
export class PeerGroup {
  readonly #members = new Set<Subject<OutboxNews>>();
  readonly #waiting = new BehaviorSubject<readonly object[]>([]);
  /** Everything that was told, in its order. */
  readonly told: OutboxNews[] = [];

  /** One client more. */
  join(): OutboxPeers {
    const news$ = new Subject<OutboxNews>();
    this.#members.add(news$);
    return { news$, turn$: this.#turn(), tell: (news) => this.#tell(news, news$) };
  }

  /** Whoever waits the longest takes the turn from whoever has it. */
  passTurn(): void {
    const [first, ...others] = this.#waiting.value;
    if (first) this.#waiting.next([...others, first]);
  }

  #tell(news: OutboxNews, by: Subject<OutboxNews>): void {
    this.told.push(news);
    for (const member of this.#members) if (member !== by) member.next(structuredClone(news));
  }

  #turn(): Observable<boolean> {
    return defer(() => {
      const asker = {};
      this.#waiting.next([...this.#waiting.value, asker]);
      return this.#waiting.pipe(
        map(([first]) => first === asker),
        distinctUntilChanged(),
        finalize(() => this.#waiting.next(this.#waiting.value.filter((one) => one !== asker))),
      );
    });
  }
}
