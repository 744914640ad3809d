import { asBuffer, decodeFields } from '../bson/decode';
import { Encoded, type Doc } from '../bson/values';
import { insertOfPairs, type DatabaseFile, type PairInsert } from './database-file';
import type { IndexDefinition } from './index-definition';

/** About; where so many are to be counted that it takes long, a reader of its own does it. */
const KEYS_COUNTED_IN_A_MS = 20_000;
const FEW_KEYS = 10_000;
/** More than can be read while others wait: so far they are counted rather than guessed. */
const FEW_DOCUMENTS = 2_000;

/** A document to be stored, with its bytes. */
export interface Stored {
  /** At least the fields that indexes look at. */
  document: Doc;
  bytes: Buffer;
}

/** A change to one document: it was there with `before`, it is there with `after`. */
export interface WriteRecord {
  collection: Collection;
  rid: number;
  before: Buffer | undefined;
  after: Buffer | undefined;
}

/** Who watches writes while transactions are open: refuses what would collide, remembers what was done. */
export interface WriteGuard {
  claimRecord(collection: Collection, rid: number): void;
  claimKey(index: IndexDefinition, key: Buffer): void;
  record(write: WriteRecord): void;
}

/** An index that does not hold all documents yet. */
export interface GrowingIndex {
  readonly index: IndexDefinition;
  holds(rid: number): boolean;
}

/** What all collections of an engine share. */
export interface StorageContext {
  readonly file: DatabaseFile;
  guard: WriteGuard | undefined;
}

/**
 * The documents of one collection, in insertion order, and its indexes. A write checks everything first and changes the
 * tables afterwards: it happens as a whole or, where it throws a `CommandFailure`, not at all.
 */
export class Collection {
  private growing: GrowingIndex | undefined;
  private indexed!: ReadonlySet<string>;
  private nextRid: number;
  readonly table: string;
  private readonly sql: { fetch: string; insert: PairInsert; update: string; remove: string };

  constructor(
    private readonly context: StorageContext,
    readonly id: number,
    readonly db: string,
    readonly name: string,
    readonly uuid: Buffer,
    readonly indexes: IndexDefinition[],
  ) {
    this.table = `c_${id}`;
    this.sql = {
      fetch: `SELECT doc FROM ${this.table} WHERE rid = ?`,
      insert: insertOfPairs(`INSERT INTO ${this.table} (rid, doc)`),
      update: `UPDATE ${this.table} SET doc = ? WHERE rid = ?`,
      remove: `DELETE FROM ${this.table} WHERE rid = ?`,
    };
    this.nextRid = Number(context.file.get(`SELECT coalesce(max(rid), 0) + 1 FROM ${this.table}`)?.[0] ?? 1);
    this.build(undefined);
  }

  /** The index that is being built: kept up to date for what it holds, read by nobody. */
  get building(): GrowingIndex | undefined {
    return this.growing;
  }

  /** Begins to build an index; without one, takes note that an index has come or gone. */
  build(index: GrowingIndex | undefined): void {
    this.growing = index;
    const all = index ? [...this.indexes, index.index] : this.indexes;
    this.indexed = new Set(all.flatMap((one) => one.looksAt));
  }

  /** Of a document, the fields that indexes look at. */
  indexedFields(bytes: Buffer): Doc {
    return decodeFields(new Encoded(bytes, 0, bytes.length), this.indexed);
  }

  get namespace(): string {
    return `${this.db}.${this.name}`;
  }

  get file(): DatabaseFile {
    return this.context.file;
  }

  get idIndex(): IndexDefinition {
    return this.indexes[0]!;
  }

  /** There are not more documents. Where there may be many there may also be fewer, but not few. */
  get mostDocuments(): number {
    const most = this.nextRid - 1;
    if (most <= FEW_DOCUMENTS) return most;
    const few = Number(
      this.file.get(`SELECT count(*) FROM (SELECT 1 FROM ${this.idIndex.table} LIMIT ${FEW_DOCUMENTS})`)![0],
    );
    return few < FEW_DOCUMENTS ? few : most;
  }

  /** The number of documents. */
  count(): number {
    this.file.checkTime(this.mostDocuments / KEYS_COUNTED_IN_A_MS);
    return Number(this.file.get(`SELECT count(*) FROM ${this.idIndex.table}`)![0]);
  }

  /** The number of keys of an index from `low` on, up to and without `high`. */
  countKeys({ table }: IndexDefinition, low: Buffer | undefined, high: Buffer | undefined): number {
    const from = `FROM ${table} WHERE k >= ?${high ? ' AND k < ?' : ''}`;
    const bounds = [low ?? Buffer.alloc(0), ...(high ? [high] : [])];
    const few = Number(this.file.get(`SELECT count(*) FROM (SELECT 1 ${from} LIMIT ${FEW_KEYS})`, ...bounds)![0]);
    if (few < FEW_KEYS) return few;
    this.file.checkTime(this.nextRid / KEYS_COUNTED_IN_A_MS);
    return Number(this.file.get(`SELECT count(*) ${from}`, ...bounds)![0]);
  }

  /** The bytes of a document by its record number. */
  fetch(rid: number): Buffer | undefined {
    const row = this.file.get(this.sql.fetch, rid);
    return row && asBuffer(row[0] as Uint8Array);
  }

  /** Adds a document that has an `_id`. */
  insert(document: Doc, bytes: Buffer): void {
    this.change(this.nextRid++, undefined, { document, bytes });
  }

  /** Adds documents that have an `_id`; false, and none is added, where a unique index refuses one of them. */
  insertAll(batch: Iterable<Stored>): boolean {
    const { file, indexes, nextRid } = this;
    const rows: (number | Buffer)[] = [];
    const entries = indexes.map((): (Buffer | number)[] => []);
    let [rid, size] = [nextRid, 0];
    for (const { document, bytes } of batch) {
      const keys = indexes.map((index) => index.keysOf(document));
      this.claim(rid, keys);
      for (let i = 0; i < keys.length; i++) for (const key of keys[i]!) entries[i]!.push(key, rid);
      rows.push(rid++, bytes);
      size += bytes.length;
    }
    file.expect(size);
    const refused = entries.findIndex((pairs, i) => file.insertPairs(indexes[i]!.sql.add, pairs) * 2 < pairs.length);
    for (let i = 0; i <= refused; i++) this.removePairs(indexes[i]!, entries[i]!);
    if (refused >= 0) return false;
    file.insertPairs(this.sql.insert, rows);
    this.nextRid = rid;
    const { guard } = this.context;
    for (let i = 0; guard && i < rows.length; i += 2)
      guard.record({ collection: this, rid: rows[i] as number, before: undefined, after: rows[i + 1] as Buffer });
    return true;
  }

  /** Puts a document in place of another, adds it where nothing was before, takes it out where nothing comes after. */
  change(rid: number, before: Buffer | undefined, after: Stored | undefined): void {
    const indexes = this.indexesOf(rid);
    const old = before && this.indexedFields(before);
    const oldKeys = indexes.map((index) => (old ? index.keysOf(old) : []));
    const newKeys = indexes.map((index) => (after ? index.keysOf(after.document) : []));
    const added = newKeys.map((keys, i) => without(keys, oldKeys[i]!));
    this.claim(rid, added);
    if (after) this.addKeys(indexes, rid, after.document, added);
    indexes.forEach((index, i) => this.removeKeys(index, without(oldKeys[i]!, newKeys[i]!), rid));
    if (!after) this.file.run(this.sql.remove, rid);
    else if (before) this.file.run(this.sql.update, after.bytes, rid);
    else this.file.insertPairs(this.sql.insert, [rid, after.bytes]);
    this.context.guard?.record({ collection: this, rid, before, after: after?.bytes });
  }

  /** An update that changes nothing still collides with others of the same document. */
  touch(rid: number): void {
    this.context.guard?.claimRecord(this, rid);
  }

  /** Adds an existing document to an index that is being built. */
  indexExisting(index: IndexDefinition, rid: number, bytes: Buffer): void {
    const document = this.indexedFields(bytes);
    this.addKeys([index], rid, document, [index.keysOf(document)]);
  }

  private indexesOf(rid: number): readonly IndexDefinition[] {
    return this.building?.holds(rid) ? [...this.indexes, this.building.index] : this.indexes;
  }

  private claim(rid: number, keys: readonly Buffer[][]): void {
    const guard = this.context.guard;
    if (!guard) return;
    guard.claimRecord(this, rid);
    this.indexes.forEach((index, i) => {
      if (index.unique) keys[i]?.forEach((key) => guard.claimKey(index, key));
    });
  }

  /** Enters the keys of a document, those of unique indexes first; where one of those is taken, none. */
  private addKeys(indexes: readonly IndexDefinition[], rid: number, document: Doc, keys: readonly Buffer[][]): void {
    const done: [IndexDefinition, Buffer][] = [];
    indexes.forEach((index, i) => {
      for (const key of index.unique ? keys[i]! : []) {
        if (this.file.insertPairs(index.sql.add, [key, rid]) === 0) {
          for (const [other, entered] of done) this.removeKeys(other, [entered], rid);
          throw index.duplicateKey(this.namespace, document, key);
        }
        done.push([index, key]);
      }
    });
    indexes.forEach((index, i) => {
      if (!index.unique) for (const key of keys[i]!) this.file.insertPairs(index.sql.add, [key, rid]);
    });
  }

  private removePairs(index: IndexDefinition, pairs: readonly (Buffer | number)[]): void {
    for (let i = 0; i < pairs.length; i += 2) this.file.run(index.sql.remove, pairs[i]!, pairs[i + 1]!);
  }

  private removeKeys(index: IndexDefinition, keys: readonly Buffer[], rid: number): void {
    for (const key of keys) this.file.run(index.sql.remove, key, rid);
  }
}

function without(keys: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  return others.length === 0 ? [...keys] : keys.filter((key) => !others.some((other) => other.equals(key)));
}
