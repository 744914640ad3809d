import { Injectable } from '@nestjs/common';
import { type Id, LIMITS, type Page, type User } from '@parley/contract';
import { LRUCache } from 'lru-cache';
import { Subject } from 'rxjs';
import { Backplane } from '../cluster/backplane';
import { Clock } from '../common/clock';
import { pageOf, type PageRequest } from '../common/page';
import { RateLimits } from '../common/rate-limits';
import { ParleyConfig } from '../config/parley-config';
import type { Transaction } from '../database/transaction';
import { parsePhone, phoneIn, phonePrefix } from './phone';
import type { UserRecord } from './user-record';
import { UserPresenter } from './user-presenter';
import { neitherIdNorPhone, phoneTaken, unknownInList, userNotFound } from './users.errors';
import { type NewUser, type UserChange, type UserQuery, UsersRepository } from './users.repository';

const ID = /^[0-9a-f]{24}$/i;

/** People: who there is, how they are found, what they are called. */
@Injectable()
export class UsersService {
  /** Tells each new name and status, after it is stored, to whoever keeps them in memory. */
  readonly changed = new Subject<UserRecord>();
  /** Whoever was looked up lately: lists of members and rooms show the same people over and over. */
  private readonly known = new LRUCache<Id, UserRecord>({ max: 50_000, ttl: 60_000 });

  constructor(
    private readonly repository: UsersRepository,
    private readonly presenter: UserPresenter,
    private readonly config: ParleyConfig,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
    private readonly backplane: Backplane,
  ) {
    backplane.on('accountChanged', ({ user }) => this.hearsOfChange(user));
  }

  /**
   * Somebody new; the first one ever is the administrator.
   * @param user `phone` is E.164, as `parsePhone` gives it.
   * @throws DomainError PHONE_TAKEN
   */
  async create(user: Omit<NewUser, 'created_at'>): Promise<UserRecord> {
    const created = await this.repository.insert({ ...user, created_at: this.clock.now() });
    if (created === undefined) throw phoneTaken();
    return created;
  }

  /** @throws DomainError VALIDATION_FAILED naming `field`, when the text is no phone number. */
  parsePhone(text: string, field = 'phone'): string {
    return parsePhone(text, this.config.defaultCountry, field);
  }

  async findById(id: Id): Promise<UserRecord | undefined> {
    return this.repository.findById(id);
  }

  /** In no particular order; ids that nobody has are left out. What another process changed may be a minute old. */
  async findByIds(ids: readonly Id[]): Promise<UserRecord[]> {
    const found = new Map(ids.map((id) => [id, this.known.get(id)]));
    const unknown = ids.filter((id) => found.get(id) === undefined);
    for (const user of unknown.length > 0 ? await this.repository.findByIds(unknown) : []) {
      // Somebody renamed while the query was under way is known by now, and better.
      found.set(user.id, this.newest(user));
      this.known.set(user.id, this.newest(user));
    }
    return [...found.values()].filter((user) => user !== undefined);
  }

  /** The person as last heard of here: what was read before a rename gets the new name. */
  newest(user: UserRecord): UserRecord {
    return this.known.get(user.id) ?? user;
  }

  async findByPhone(e164: string, caller: Id): Promise<UserRecord | undefined> {
    await this.limits.take('numbersByUser', caller);
    return (await this.repository.findByPhones([e164]))[0];
  }

  /** Somebody with the hash of their password; only auth has a use for it. */
  findWithPassword(e164: string): Promise<{ user: UserRecord; passwordHash: string } | undefined> {
    return this.repository.findWithPassword(e164);
  }

  /** Whether this is the hash of somebody's password at this moment. */
  hasPassword(id: Id, passwordHash: string): Promise<boolean> {
    return this.repository.hasPassword(id, passwordHash);
  }

  /** Changes a password's hash together with `more`, both or neither; resolves to whether it was `from` until now. */
  changePassword(
    id: Id,
    from: string,
    to: string,
    more: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean> {
    return this.repository.changePassword(id, from, to, more);
  }

  /** @throws DomainError USER_NOT_FOUND */
  async get(id: Id): Promise<UserRecord> {
    const user = await this.repository.findById(id);
    if (user === undefined) throw userNotFound();
    return user;
  }

  /**
   * The people whom ids and phone numbers name, in that order, each once. Numbers count as searches of the caller's:
   * the answer tells which of them have an account.
   * @throws DomainError USER_NOT_FOUND, or VALIDATION_FAILED for what is neither id nor number; `fields.users` says
   *   which of them (counted from 1). RATE_LIMITED
   */
  async resolve(idsOrPhones: readonly string[], caller: Id): Promise<UserRecord[]> {
    const keys = idsOrPhones.map((text, index) => this.keyOf(text, index));
    await this.limits.take('numbersByUser', caller, keys.filter((key) => !ID.test(key)).length);
    const ids = keys.filter((key) => ID.test(key));
    const phones = keys.filter((key) => !ID.test(key));
    const found = await Promise.all([
      ids.length > 0 ? this.repository.findByIds(ids) : [],
      phones.length > 0 ? this.repository.findByPhones(phones) : [],
    ]);
    return inOrderOf(keys, found.flat());
  }

  private keyOf(text: string, index: number): string {
    if (ID.test(text)) return text.toLowerCase();
    const phone = phoneIn(text, this.config.defaultCountry);
    if (phone !== undefined) return phone;
    throw neitherIdNorPhone(index);
  }

  /** @throws DomainError USER_NOT_FOUND */
  async change(id: Id, change: UserChange): Promise<UserRecord> {
    if (Object.values(change).every((value) => value === undefined)) return this.get(id);
    const user = await this.repository.change(id, change);
    if (user === undefined) throw userNotFound();
    this.known.set(id, user);
    this.changed.next(user);
    await this.backplane.tell('accountChanged', { user: id });
    return user;
  }

  /** Another process has given somebody a new name or status. */
  private async hearsOfChange(id: Id): Promise<void> {
    const user = await this.repository.findById(id);
    if (!user) return;
    this.known.set(id, user);
    this.changed.next(user);
  }

  /** Writes down until when people were connected, each until their own moment. */
  wereSeen(seen: readonly { user: Id; at: Date }[]): Promise<void> {
    return this.repository.seen(seen);
  }

  /**
   * The people other than the caller whom a text finds: the one with this phone number, when it is one, otherwise
   * those whose names have words that begin with the text's words, whatever their case and accents.
   * @throws DomainError RATE_LIMITED
   */
  async search(q: string, callerId: Id, page: PageRequest): Promise<Page<User>> {
    await this.limits.take('searchByUser', callerId);
    const query = this.queryOf(q);
    const limit = page.limit ?? LIMITS.pageDefault;
    const slice = { without: callerId, after: page.after, limit: limit + 1 };
    const { items, next } = pageOf(await this.repository.search(query, slice), limit);
    const exactly = 'phone' in query;
    return { items: await Promise.all(items.map((user) => this.presenter.toUser(callerId, user, exactly))), next };
  }

  private queryOf(q: string): UserQuery {
    const phone = phoneIn(q, this.config.defaultCountry);
    if (phone !== undefined) return { phone };
    const prefix = this.config.showPhones === 'all' ? phonePrefix(q, this.config.defaultCountry) : undefined;
    return prefix === undefined ? { words: q } : { phonePrefix: prefix };
  }
}

/** Each person once, where they are named first. */
function inOrderOf(keys: string[], found: UserRecord[]): UserRecord[] {
  const byKey = new Map(found.flatMap((user) => [[user.id, user] as const, [user.phone, user] as const]));
  const people = keys.map((key, index) => {
    const user = byKey.get(key);
    if (user === undefined) throw unknownInList(index, ID.test(key) ? 'id' : 'phone number');
    return user;
  });
  return [...new Set(people)];
}
