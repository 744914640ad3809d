import type { Id, MessageEntry, PostMessage, Posted } from '@parley/contract';
import { BehaviorSubject, filter, firstValueFrom, Subject, type Observable, type Subscription } from 'rxjs';
import { Backoff, type BackoffOptions } from './backoff';
import { newClientId } from './client-id';
import type { Clock, Random } from './clock';
import { ParleyError } from './errors';
import type { ReportFault } from './fault';
import type { LaneOptions } from './outbox-lane';
import { OutboxLanes } from './outbox-lanes';
import type { OutboxNews, OutboxPeers } from './outbox-peers';
import { byOrder, OutboxShelf } from './outbox-shelf';
import type { OutboxItem, OutboxStorage } from './outbox-storage';
import type { OutboxChange } from './room-state';

/** A message to be sent: what the server is told, less the name that the outbox gives it. */
export type Draft = Omit<PostMessage, 'clientId'>;

/** What an outbox stands on. */
export interface OutboxOptions {
  storage: OutboxStorage;
  /** Those who share the storage; nobody unless said. */
  peers?: OutboxPeers;
  clock: Clock;
  random: Random;
  backoff?: BackoffOptions;
  /** How many messages of one room may be under way at once. */
  inFlightPerRoom: number;
  /** One attempt; rejects with a `ParleyError`. */
  post(message: PostMessage): Promise<Posted>;
  report: ReportFault;
}

interface Awaited {
  resolve(posted: Posted): void;
  reject(error: ParleyError): void;
}

/** As many messages are remembered that are done with, so that late news do not bring one back. */
const ENDED_KEPT = 1_000;

/**
 * Where messages wait until the server says that they are on disk. Each keeps its `clientId` through every attempt, so
 * that it is posted once; the messages of a room go out in their order. A message that the server refuses for what it
 * is stays here, marked with the error, and lets the next go on; one that was refused for the server's own trouble is
 * tried again, and the later ones of its room wait behind it. Peers have the same messages, and one of them all sends.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #shelf: OutboxShelf;
  readonly #items = new Map<string, OutboxItem>();
  readonly #awaited = new Map<string, Awaited>();
  readonly #lanes = new OutboxLanes(() => this.#laneOptions());
  readonly #shown = new BehaviorSubject<readonly OutboxItem[]>([]);
  readonly #changes = new Subject<OutboxChange>();
  readonly #ended = new Set<string>();
  #restoring?: Promise<void>;
  #restored = false;
  #turn?: Subscription;
  #hasTurn = false;
  #lastOrder = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#shelf = new OutboxShelf(options);
    options.peers?.news$.subscribe((news) => this.#apply(news));
  }

  /** What waits or has failed, in the order in which it was written; the newest list first. */
  get items$(): Observable<readonly OutboxItem[]> {
    return this.#shown.asObservable();
  }

  /** What waits or has failed now. */
  get items(): readonly OutboxItem[] {
    return this.#shown.value;
  }

  /** Each thing that happens to a message, as the room states want it. */
  get changes$(): Observable<OutboxChange> {
    return this.#changes.asObservable();
  }

  /** What a room's state has to be told of its messages here. */
  changesOf(room: Id): OutboxChange[] {
    return this.items.filter(({ message }) => message.room === room).map(queued);
  }

  /**
   * Queues a message. Resolves once it is on disk, however long the line is down; rejects with the server's refusal.
   * A caller that watches `items$` instead may ignore the promise.
   */
  post(draft: Draft): Promise<Posted> {
    const message = { ...draft, clientId: newClientId() };
    const posted = this.#await(message.clientId);
    this.#do({ type: 'kept', item: { message, queuedAt: this.#timestamp(), order: this.#nextOrder() } });
    return posted;
  }

  /** Sends a failed message once more, behind those that wait for its room. */
  retry(clientId: string): void {
    const { message, queuedAt, error } = this.#items.get(clientId) ?? {};
    if (!message || !queuedAt || !error) return;
    this.#do({ type: 'kept', item: { message, queuedAt, order: this.#nextOrder() } });
  }

  /** Gives a message up. One that is under way may still be posted. */
  discard(clientId: string): void {
    if (this.#items.has(clientId)) this.#do({ type: 'discarded', clientId });
  }

  /** Resolves once nothing waits any more and the storage knows it. Failed messages do not wait. */
  async flushed(): Promise<void> {
    await firstValueFrom(this.items$.pipe(filter((items) => items.every(({ error }) => error))));
    await this.#shelf.written;
  }

  /** Brings back what an earlier life of this client left. Only the first call does; nothing is sent before it. */
  restore(): Promise<void> {
    return (this.#restoring ??= this.#restore());
  }

  /** Takes in what the storage has and did not give before, as it was away. */
  async refresh(): Promise<void> {
    await this.restore();
    for (const item of this.#unknown(await this.#shelf.load())) this.#queue(item);
    this.#show();
  }

  /** The line is up: what waits goes out, once `restore` is through and, among peers, it is this client's turn. */
  open(): void {
    const { peers } = this.#options;
    if (!peers) return this.#lanes.open();
    this.#turn?.unsubscribe();
    this.#turn = peers.turn$.subscribe((isMine) => void this.#take(isMine));
  }

  /** The line is down: nothing goes out, and a peer whose line is up may have the turn. */
  shut(): void {
    this.#turn?.unsubscribe();
    void this.#take(false);
  }

  /** The log has a message of ours: no reply need be waited for. */
  confirm({ room, seq, id, at, clientId }: MessageEntry): void {
    if (clientId !== undefined && this.#items.has(clientId)) this.#posted(clientId, { room, seq, id, at });
  }

  /** Whoever had the turn before may have been closed before it could tell of all that it wrote down. */
  async #take(isMine: boolean): Promise<void> {
    this.#hasTurn = isMine;
    if (!isMine) return this.#lanes.shut();
    await this.refresh();
    if (this.#hasTurn) this.#lanes.open();
  }

  async #restore(): Promise<void> {
    const earlier = this.#unknown(await this.#shelf.load());
    const since = this.#behind(earlier.at(-1)?.order ?? 0, [...this.#items.values()]);
    this.#items.clear();
    this.#restored = true;
    for (const item of [...earlier, ...since]) this.#queue(item);
    this.#show();
  }

  #unknown(stored: readonly OutboxItem[]): readonly OutboxItem[] {
    return stored.filter(({ message: { clientId } }) => !this.#items.has(clientId) && !this.#ended.has(clientId));
  }

  /** What was posted in this life comes after what an earlier one left, also where the clock says otherwise. */
  #behind(newest: number, items: readonly OutboxItem[]): readonly OutboxItem[] {
    this.#lastOrder = Math.max(this.#lastOrder, newest);
    if (items.every(({ order }) => order > newest)) return items;
    const moved = items.map((item) => ({ ...item, order: this.#nextOrder() }));
    for (const item of moved) this.#shelf.write({ type: 'kept', item });
    return moved;
  }

  /** Does something to a message here, in the storage and at the peers. */
  #do(news: OutboxNews): void {
    this.#shelf.write(news);
    this.#apply(news);
  }

  #apply(news: OutboxNews): void {
    if (news.type === 'kept') this.#keep(news.item);
    else this.#end(news);
    this.#show();
  }

  #keep(item: OutboxItem): void {
    const { message, error } = item;
    const { room, clientId } = message;
    if (this.#ended.has(clientId)) return;
    if (!error || !this.#items.has(clientId)) return this.#queue(item);
    this.#items.set(clientId, item);
    this.#lanes.remove(message);
    this.#settle(clientId)?.reject(new ParleyError(error.code, error.message, error));
    this.#changes.next({ type: 'failed', room, clientId, error });
  }

  #queue(item: OutboxItem): void {
    const { message, error, order } = item;
    this.#lastOrder = Math.max(this.#lastOrder, order);
    this.#items.set(message.clientId, item);
    this.#changes.next(queued(item));
    if (!this.#restored || error) return;
    this.#lanes.remove(message);
    this.#lanes.add(message);
  }

  #end(news: Exclude<OutboxNews, { type: 'kept' }>): void {
    const { clientId } = news;
    this.#rememberEnded(clientId);
    const item = this.#items.get(clientId);
    if (!item) return;
    const { room } = item.message;
    this.#items.delete(clientId);
    this.#lanes.remove(item.message);
    const awaited = this.#settle(clientId);
    if (news.type === 'posted') awaited?.resolve(news.posted);
    else awaited?.reject(new ParleyError('ABORTED', 'The message was discarded.'));
    this.#changes.next(news.type === 'posted' ? { ...news, room } : { type: 'discarded', room, clientId });
  }

  #laneOptions(): LaneOptions {
    const { clock, random, backoff, inFlightPerRoom, post } = this.#options;
    return {
      clock,
      backoff: new Backoff(backoff, random),
      inFlight: inFlightPerRoom,
      post,
      posted: (clientId, posted) => this.#posted(clientId, posted),
      failed: (clientId, error) => this.#failed(clientId, error),
    };
  }

  #posted(clientId: string, posted: Posted): void {
    this.#do({ type: 'posted', clientId, posted });
  }

  #failed(clientId: string, refusal: ParleyError): void {
    const item = this.#items.get(clientId);
    this.#settle(clientId)?.reject(refusal);
    if (item) this.#do({ type: 'kept', item: { ...item, error: refusal.toData() } });
  }

  #rememberEnded(clientId: string): void {
    this.#ended.add(clientId);
    const [oldest] = this.#ended;
    if (this.#ended.size > ENDED_KEPT) this.#ended.delete(oldest!);
  }

  #await(clientId: string): Promise<Posted> {
    const posted = new Promise<Posted>((resolve, reject) => this.#awaited.set(clientId, { resolve, reject }));
    // Who shows the outbox need not listen to the promise too: its failure is in `items$`.
    posted.catch(() => {});
    return posted;
  }

  #settle(clientId: string): Awaited | undefined {
    const awaited = this.#awaited.get(clientId);
    this.#awaited.delete(clientId);
    return awaited;
  }

  #show(): void {
    this.#shown.next([...this.#items.values()].sort(byOrder));
  }

  #timestamp(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  // The time, so that it also grows from one life of the client to the next.
  #nextOrder(): number {
    return (this.#lastOrder = Math.max(this.#lastOrder + 1, this.#options.clock.now()));
  }
}

function queued({ message, queuedAt, error }: OutboxItem): OutboxChange {
  const { room, clientId } = message;
  return { type: 'queued', room, clientId, pending: error ? { message, queuedAt, error } : { message, queuedAt } };
}
