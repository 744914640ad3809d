import { randomUUID } from 'node:crypto';
import { asBuffer, decodeDocument } from '../bson/decode';
import { encodeDocument } from '../bson/encode';
import { doc, type Doc } from '../bson/values';
import { CommandFailure, writeConflict } from '../failure';
import { Collection, type StorageContext } from './collection';
import type { SqlRow } from './database-file';
import { IndexBuild } from './index-build';
import { IndexDefinition } from './index-definition';

/** A command of a transaction needs a collection that is to be made outside of its view. */
export class NeedsCollection extends Error {
  constructor(
    readonly db: string,
    readonly collection: string,
  ) {
    super(`${db}.${collection} is to be made first`);
  }
}

/** Which collections and indexes there are. */
export class Catalog {
  private collections = new Map<string, Collection>();
  /** Collections that open transactions made: only their owner sees them. */
  private readonly pending = new Map<string, { collection: Collection; owner: unknown }>();
  /** The transaction whose command runs. */
  viewer: unknown;
  /** Counts changes, so that whoever rolls something back knows whether to `reload`. */
  changes = 0;
  /** Counts what open transactions cannot live through: collections and indexes that went, indexes that came. */
  layout = 0;

  constructor(private readonly context: StorageContext) {
    this.reload();
  }

  /** Reads the catalog anew, after a roll-back. What transactions had made is forgotten. */
  reload(): void {
    this.collections = new Map();
    this.pending.clear();
    this.layout++;
    for (const row of this.context.file.all('SELECT id, db, name, uuid FROM collections WHERE NOT pending')) {
      const collection = this.load(row);
      this.collections.set(collection.namespace, collection);
    }
  }

  find(db: string, name: string): Collection | undefined {
    const namespace = `${db}.${name}`;
    const own = this.viewer === undefined ? undefined : this.pending.get(namespace);
    return own && own.owner === this.viewer ? own.collection : this.collections.get(namespace);
  }

  /** All collections, or those of one database. */
  list(db?: string): Collection[] {
    return [...this.collections.values()].filter((collection) => db === undefined || collection.db === db);
  }

  /** The collection, created on first use. */
  ensure(db: string, name: string): Collection {
    return this.find(db, name) ?? this.create(db, name);
  }

  create(db: string, name: string): Collection {
    checkNames(db, name);
    if (this.viewer !== undefined) throw new NeedsCollection(db, name);
    const collection = this.make(db, name, false);
    this.collections.set(collection.namespace, collection);
    this.changes++;
    return collection;
  }

  /** Makes a collection that nobody but the owner sees until it is published. */
  createPending(db: string, name: string, owner: unknown): Collection {
    if (this.pending.has(`${db}.${name}`)) throw writeConflict();
    const collection = this.make(db, name, true);
    this.pending.set(collection.namespace, { collection, owner });
    return collection;
  }

  /** Whether a pending collection is there still: one that is made outside of transactions takes its place. */
  isPending(collection: Collection): boolean {
    return this.pending.get(collection.namespace)?.collection === collection;
  }

  /** Shows a pending collection to everybody, as part of the commit that is under way. */
  publish(collection: Collection): void {
    this.context.file.run('UPDATE collections SET pending = 0 WHERE id = ?', collection.id);
    this.pending.delete(collection.namespace);
    this.collections.set(collection.namespace, collection);
    this.changes++;
  }

  /** Forgets a pending collection; its tables go with the next `removeForgotten`. */
  discard(collection: Collection): void {
    if (this.isPending(collection)) this.pending.delete(collection.namespace);
  }

  /** Removes the tables of collections and indexes that were not finished, be it because the process was killed. */
  removeForgotten(): void {
    const { file } = this.context;
    const kept = new Set([...this.pending.values()].map(({ collection }) => collection.id));
    for (const row of file.all('SELECT id, db, name, uuid FROM collections WHERE pending'))
      if (!kept.has(Number(row[0]))) this.removeTables(this.load(row));
    const built = new Set(this.list().map(({ building }) => building?.index.id));
    for (const row of file.all('SELECT id, spec, multikey FROM indexes WHERE collection < 0'))
      if (!built.has(Number(row[0]))) this.dropIndexTable(this.loadIndex(row));
  }

  drop(collection: Collection): void {
    this.removeTables(collection);
    this.collections.delete(collection.namespace);
    this.changes++;
    this.layout++;
  }

  /** Begins an index that nobody sees before it is finished. */
  beginIndex(collection: Collection, spec: Doc): IndexBuild {
    this.checkNotBuilding(collection);
    const build = new IndexBuild(collection, this.createIndexTable(-collection.id, spec));
    collection.building = build;
    return build;
  }

  finishIndex(collection: Collection, { index }: IndexBuild): void {
    collection.building = undefined;
    this.context.file.run('UPDATE indexes SET collection = ? WHERE id = ?', collection.id, index.id);
    collection.indexes.push(index);
    this.changes++;
    this.layout++;
  }

  abandonIndex(collection: Collection, { index }: IndexBuild): void {
    collection.building = undefined;
    this.dropIndexTable(index);
  }

  dropIndex(collection: Collection, index: IndexDefinition): void {
    this.dropIndexTable(index);
    collection.indexes.splice(collection.indexes.indexOf(index), 1);
    this.changes++;
    this.layout++;
  }

  /** Puts multikey flags that were raised since the last commit on disk. */
  saveMultikey(): void {
    for (const collection of this.collections.values()) {
      for (const index of collection.indexes) {
        if (!index.multikeyChanged) continue;
        this.context.file.run('UPDATE indexes SET multikey = ? WHERE id = ?', JSON.stringify(index.multikey), index.id);
        index.multikeyChanged = false;
      }
    }
  }

  private load([id, db, name, uuid]: SqlRow): Collection {
    const rows = this.context.file.all(
      'SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id',
      Number(id),
    );
    const indexes = rows.map((row) => this.loadIndex(row));
    const bytes = asBuffer(uuid as Uint8Array);
    return new Collection(this.context, Number(id), String(db), String(name), bytes, indexes);
  }

  private loadIndex([id, spec, multikey]: SqlRow): IndexDefinition {
    const flags = JSON.parse(multikey as string) as boolean[];
    return new IndexDefinition(Number(id), decodeDocument(asBuffer(spec as Uint8Array)), flags);
  }

  private make(db: string, name: string, pending: boolean): Collection {
    const { file } = this.context;
    this.pending.delete(`${db}.${name}`);
    this.removeForgotten();
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
    const insert = 'INSERT INTO collections (db, name, uuid, pending) VALUES (?, ?, ?, ?) RETURNING id';
    const id = Number(file.get(insert, db, name, uuid, Number(pending))![0]);
    file.exec(`CREATE TABLE c_${id} (rid INTEGER PRIMARY KEY, doc BLOB NOT NULL)`);
    const index = this.createIndexTable(id, doc({ key: { _id: 1 }, name: '_id_' }));
    return new Collection(this.context, id, db, name, uuid, [index]);
  }

  private checkNotBuilding(collection: Collection): void {
    if (collection.building) throw new CommandFailure(12587, `an index of ${collection.namespace} is being built`);
  }

  private removeTables(collection: Collection): void {
    this.checkNotBuilding(collection);
    const { file } = this.context;
    for (const index of collection.indexes) file.exec(`DROP TABLE ${index.table}`);
    file.exec(`DROP TABLE ${collection.table}`);
    file.run('DELETE FROM indexes WHERE collection = ?', collection.id);
    file.run('DELETE FROM collections WHERE id = ?', collection.id);
  }

  private createIndexTable(collection: number, spec: Doc): IndexDefinition {
    const { file } = this.context;
    const multikey = [...(spec.get('key') as Doc)].map(() => false);
    const insert = 'INSERT INTO indexes (collection, spec, multikey) VALUES (?, ?, ?) RETURNING id';
    const row = file.get(insert, collection, encodeDocument(spec), JSON.stringify(multikey));
    const index = new IndexDefinition(Number(row![0]), spec, multikey);
    const key = index.unique ? 'k' : 'k, r';
    file.exec(`CREATE TABLE ${index.table} (k BLOB NOT NULL, r INTEGER NOT NULL, PRIMARY KEY (${key})) WITHOUT ROWID`);
    return index;
  }

  private dropIndexTable(index: IndexDefinition): void {
    this.context.file.exec(`DROP TABLE IF EXISTS ${index.table}`);
    this.context.file.run('DELETE FROM indexes WHERE id = ?', index.id);
  }
}

/** Refuses names that MongoDB refuses. */
export function checkNames(db: string, name: string): void {
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(db)) throw new CommandFailure(73, `Invalid database name: '${db}'`);
  const bad =
    name === '' || name.startsWith('.') || name.endsWith('.') || /[$\0]/.test(name) || name.startsWith('system.');
  if (bad || Buffer.byteLength(name) > 235) throw new CommandFailure(73, `Invalid collection name: '${name}'`);
}
