import { randomUUID } from 'node:crypto';
import { asBuffer, decodeDocument } from '../bson/decode';
import { encodeDocument } from '../bson/encode';
import { doc, type Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import { Collection, type StorageContext } from './collection';
import type { SqlRow } from './database-file';
import { IndexBuild } from './index-build';
import { IndexDefinition } from './index-definition';

/** Which collections and indexes there are. */
export class Catalog {
  private collections = new Map<string, Collection>();
  /** Counts changes, so that whoever rolls something back knows whether to `reload`. */
  changes = 0;
  /** Counts what open transactions cannot live through: collections and indexes that went, indexes that came. */
  layout = 0;

  constructor(private readonly context: StorageContext) {
    this.reload();
  }

  /** Reads the catalog anew, after a roll-back. */
  reload(): void {
    this.collections = new Map();
    this.layout++;
    for (const row of this.context.file.all('SELECT id, db, name, uuid FROM collections')) {
      const collection = this.load(row);
      this.collections.set(collection.namespace, collection);
    }
  }

  find(db: string, name: string): Collection | undefined {
    return this.collections.get(`${db}.${name}`);
  }

  /** All collections, or those of one database. */
  list(db?: string): Collection[] {
    return [...this.collections.values()].filter((collection) => db === undefined || collection.db === db);
  }

  create(db: string, name: string): Collection {
    checkNames(db, name);
    const { file } = this.context;
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
    const insert = 'INSERT INTO collections (db, name, uuid) VALUES (?, ?, ?) RETURNING id';
    const id = Number(file.get(insert, db, name, uuid)![0]);
    file.define(`CREATE TABLE c_${id} (rid INTEGER PRIMARY KEY, doc BLOB NOT NULL)`);
    const index = this.createIndexTable(id, doc({ key: { _id: 1 }, name: '_id_' }));
    const collection = new Collection(this.context, id, db, name, uuid, [index]);
    this.collections.set(collection.namespace, collection);
    this.changes++;
    return collection;
  }

  drop(collection: Collection): void {
    this.checkNotBuilding(collection);
    const { file } = this.context;
    for (const index of collection.indexes) file.define(`DROP TABLE ${index.table}`);
    file.define(`DROP TABLE ${collection.table}`);
    file.run('DELETE FROM indexes WHERE collection = ?', collection.id);
    file.run('DELETE FROM collections WHERE id = ?', collection.id);
    this.collections.delete(collection.namespace);
    this.changes++;
    this.layout++;
  }

  /** Removes what is left of indexes that were not finished because the process was killed. */
  removeUnfinished(): void {
    const { file } = this.context;
    const built = new Set(this.list().map(({ building }) => building?.index.id));
    for (const row of file.all('SELECT id, spec, multikey FROM indexes WHERE collection < 0'))
      if (!built.has(Number(row[0]))) this.dropIndexTable(this.loadIndex(row));
  }

  /** Begins an index that nobody sees before it is finished. */
  beginIndex(collection: Collection, spec: Doc): IndexBuild {
    this.checkNotBuilding(collection);
    const build = new IndexBuild(collection, this.createIndexTable(-collection.id, spec));
    collection.build(build);
    return build;
  }

  finishIndex(collection: Collection, { index }: IndexBuild): void {
    this.context.file.run('UPDATE indexes SET collection = ? WHERE id = ?', collection.id, index.id);
    collection.indexes.push(index);
    collection.build(undefined);
    this.changes++;
    this.layout++;
  }

  abandonIndex(collection: Collection, { index }: IndexBuild): void {
    collection.build(undefined);
    this.dropIndexTable(index);
  }

  dropIndex(collection: Collection, index: IndexDefinition): void {
    this.dropIndexTable(index);
    collection.indexes.splice(collection.indexes.indexOf(index), 1);
    collection.build(undefined);
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

  private checkNotBuilding(collection: Collection): void {
    if (collection.building) throw new CommandFailure(12587, `an index of ${collection.namespace} is being built`);
  }

  private createIndexTable(collection: number, spec: Doc): IndexDefinition {
    const { file } = this.context;
    const multikey = [...(spec.get('key') as Doc)].map(() => false);
    const insert = 'INSERT INTO indexes (collection, spec, multikey) VALUES (?, ?, ?) RETURNING id';
    const row = file.get(insert, collection, encodeDocument(spec), JSON.stringify(multikey));
    const index = new IndexDefinition(Number(row![0]), spec, multikey);
    const key = index.unique ? 'k' : 'k, r';
    file.define(
      `CREATE TABLE ${index.table} (k BLOB NOT NULL, r INTEGER NOT NULL, PRIMARY KEY (${key})) WITHOUT ROWID`,
    );
    return index;
  }

  private dropIndexTable(index: IndexDefinition): void {
    this.context.file.define(`DROP TABLE IF EXISTS ${index.table}`);
    this.context.file.run('DELETE FROM indexes WHERE id = ?', index.id);
  }
}

/** Refuses names that MongoDB refuses. */
function checkNames(db: string, name: string): void {
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(db)) throw new CommandFailure(73, `Invalid database name: '${db}'`);
  const bad =
    name === '' || name.startsWith('.') || name.endsWith('.') || /[$\0]/.test(name) || name.startsWith('system.');
  if (bad || Buffer.byteLength(name) > 235) throw new CommandFailure(73, `Invalid collection name: '${name}'`);
}
