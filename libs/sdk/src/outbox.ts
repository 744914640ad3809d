import type { Id, MessageEntry, PostMessage, Posted } from '@parley/contract';
import { BehaviorSubject, filter, firstValueFrom, Subject, type Observable } from 'rxjs';
import { Backoff, type BackoffOptions } from './backoff';
import { newClientId } from './client-id';
import type { Clock, Random } from './clock';
import { ParleyError } from './errors';
import type { ReportFault } from './fault';
import { OutboxLane } from './outbox-lane';
import type { OutboxItem, OutboxStorage } from './outbox-storage';
import type { OutboxChange } from './room-state';

/** A message to be sent: what the server is told, less the name that the outbox gives it. */
export type Draft = Omit<PostMessage, 'clientId'>;

/** What an outbox stands on. */
export interface OutboxOptions {
  storage: OutboxStorage;
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

/**
 * Where messages wait until the server says that they are on disk. Each keeps its `clientId` through every attempt, so
 * that it is posted once; the messages of a room go out in their order. A message that the server refuses for what it
 * is stays here, marked with the error, and lets the next go on; one that was refused for the server's own trouble is
 * tried again, and the later ones of its room wait behind it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #items = new Map<string, OutboxItem>();
  readonly #awaited = new Map<string, Awaited>();
  readonly #lanes = new Map<Id, OutboxLane>();
  readonly #shown = new BehaviorSubject<readonly OutboxItem[]>([]);
  readonly #changes = new Subject<OutboxChange>();
  #writes: Promise<void> = Promise.resolve();
  #restoring?: Promise<void>;
  #restored = false;
  #open = false;
  #lastOrder = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
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
    const item: OutboxItem = { message, queuedAt: this.#timestamp(), order: this.#nextOrder() };
    this.#persist(() => this.#options.storage.put(item));
    const posted = this.#await(message.clientId);
    this.#queue(item);
    this.#show();
    return posted;
  }

  /** Sends a failed message once more, behind those that wait for its room. */
  retry(clientId: string): void {
    const failed = this.#items.get(clientId);
    if (!failed?.error) return;
    const item = { message: failed.message, queuedAt: failed.queuedAt, order: this.#nextOrder() };
    this.#persist(() => this.#options.storage.put(item));
    this.#items.delete(clientId);
    this.#queue(item);
    this.#show();
  }

  /** Gives a message up. One that is under way may still be posted. */
  discard(clientId: string): void {
    const item = this.#take(clientId);
    if (!item) return;
    this.#settle(clientId)?.reject(new ParleyError('ABORTED', 'The message was discarded.'));
    this.#changes.next({ type: 'discarded', room: item.message.room, clientId });
  }

  /** Resolves once nothing waits any more and the storage knows it. Failed messages do not wait. */
  async flushed(): Promise<void> {
    await firstValueFrom(this.items$.pipe(filter((items) => items.every(({ error }) => error))));
    await this.#writes;
  }

  /** Brings back what an earlier life of this client left. Only the first call does; nothing is sent before it. */
  restore(): Promise<void> {
    return (this.#restoring ??= this.#restore());
  }

  /**
   * Takes over what another client of the same account has left in the storage: for when one was closed. What that one
   * is still sending is then sent twice, and posted once.
   */
  async adopt(): Promise<void> {
    await this.restore();
    await this.#writes;
    const left = (await this.#load()).filter(({ message }) => !this.#items.has(message.clientId));
    if (left.length === 0) return;
    for (const item of left) this.#queue(item);
    this.#show();
  }

  /** The line is up: what waits goes out, once `restore` is through. */
  open(): void {
    this.#open = true;
    for (const lane of this.#lanes.values()) lane.open();
  }

  /** The line is down: nothing goes out. */
  shut(): void {
    this.#open = false;
    for (const lane of this.#lanes.values()) lane.shut();
  }

  /** The log has a message of ours: no reply need be waited for. */
  confirm({ room, seq, id, at, clientId }: MessageEntry): void {
    if (clientId !== undefined && this.#items.has(clientId)) this.#posted(clientId, { room, seq, id, at });
  }

  async #restore(): Promise<void> {
    const earlier = (await this.#load()).filter(({ message }) => !this.#items.has(message.clientId));
    const since = this.#behind(earlier.at(-1)?.order ?? 0, [...this.#items.values()]);
    this.#items.clear();
    this.#restored = true;
    for (const item of [...earlier, ...since]) this.#queue(item);
    this.#show();
  }

  /** What was posted in this life comes after what an earlier one left, also where the clock says otherwise. */
  #behind(newest: number, items: readonly OutboxItem[]): readonly OutboxItem[] {
    this.#lastOrder = Math.max(this.#lastOrder, newest);
    if (items.every(({ order }) => order > newest)) return items;
    const moved = items.map((item) => ({ ...item, order: this.#nextOrder() }));
    for (const item of moved) this.#persist(() => this.#options.storage.put(item));
    return moved;
  }

  /** What the storage has, in its order. */
  async #load(): Promise<readonly OutboxItem[]> {
    try {
      return [...(await this.#options.storage.load())].sort((a, b) => a.order - b.order);
    } catch (cause) {
      this.#reportStorage(cause);
      return [];
    }
  }

  #queue(item: OutboxItem): void {
    const { message, error } = item;
    this.#items.set(message.clientId, item);
    this.#changes.next(queued(item));
    if (this.#restored && !error) this.#lane(message.room).add(message);
  }

  #lane(room: Id): OutboxLane {
    const lane = this.#lanes.get(room) ?? this.#newLane();
    this.#lanes.set(room, lane);
    return lane;
  }

  #newLane(): OutboxLane {
    const { clock, random, backoff, inFlightPerRoom, post } = this.#options;
    const lane = new OutboxLane({
      clock,
      backoff: new Backoff(backoff, random),
      inFlight: inFlightPerRoom,
      post,
      posted: (clientId, posted) => this.#posted(clientId, posted),
      failed: (clientId, error) => this.#failed(clientId, error),
    });
    if (this.#open) lane.open();
    return lane;
  }

  #posted(clientId: string, posted: Posted): void {
    this.#take(clientId);
    this.#settle(clientId)?.resolve(posted);
    this.#changes.next({ type: 'posted', room: posted.room, clientId, posted });
  }

  #failed(clientId: string, refusal: ParleyError): void {
    const item = this.#items.get(clientId);
    if (!item) return;
    const failed = { ...item, error: refusal.toData() };
    this.#items.set(clientId, failed);
    this.#persist(() => this.#options.storage.put(failed));
    this.#settle(clientId)?.reject(refusal);
    this.#changes.next({ type: 'failed', room: item.message.room, clientId, error: failed.error });
    this.#show();
  }

  /** Takes an item out of everything but the promise that was given for it. */
  #take(clientId: string): OutboxItem | undefined {
    const item = this.#items.get(clientId);
    if (!item) return undefined;
    this.#items.delete(clientId);
    this.#lanes.get(item.message.room)?.remove(clientId);
    this.#dropIfEmpty(item.message.room);
    this.#persist(() => this.#options.storage.remove(clientId));
    this.#show();
    return item;
  }

  #dropIfEmpty(room: Id): void {
    const lane = this.#lanes.get(room);
    if (!lane?.isEmpty) return;
    lane.shut();
    this.#lanes.delete(room);
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
    this.#shown.next([...this.#items.values()]);
  }

  #persist(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(write).catch((cause: unknown) => this.#reportStorage(cause));
  }

  #reportStorage(cause: unknown): void {
    this.#options.report({ kind: 'storageFailed', message: 'The outbox storage failed.', cause });
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
