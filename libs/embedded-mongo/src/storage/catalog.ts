import { randomUUID } from 'node:crypto';
import { asBuffer, decodeDocument } from '../bson/decode';
import { encodeDocument } from '../bson/encode';
import { doc, type Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import { Collection, type StorageContext } from './collection';
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
    const { file } = this.context;
    this.collections = new Map();
    this.layout++;
    for (const [id, db, name, uuid] of file.all('SELECT id, db, name, uuid FROM collections')) {
      const indexes = file
        .all('SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id', Number(id))
        .map(
          (row) =>
            new IndexDefinition(
              Number(row[0]),
              decodeDocument(asBuffer(row[1] as Uint8Array)),
              JSON.parse(row[2] as string) as boolean[],
            ),
        );
      this.remember(
        new Collection(this.context, Number(id), String(db), String(name), asBuffer(uuid as Uint8Array), indexes),
      );
    }
  }

  find(db: string, name: string): Collection | undefined {
    return this.collections.get(`${db}.${name}`);
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
    const { file } = this.context;
    const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
    const id = Number(
      file.get('INSERT INTO collections (db, name, uuid) VALUES (?, ?, ?) RETURNING id', db, name, uuid)![0],
    );
    file.exec(`CREATE TABLE c_${id} (rid INTEGER PRIMARY KEY, doc BLOB NOT NULL)`);
    const index = this.createIndexTable(id, doc({ key: { _id: 1 }, name: '_id_' }));
    const collection = new Collection(this.context, id, db, name, uuid, [index]);
    this.remember(collection);
    this.changes++;
    return collection;
  }

  drop(collection: Collection): void {
    const { file } = this.context;
    for (const index of collection.indexes) file.exec(`DROP TABLE ${index.table}`);
    file.exec(`DROP TABLE c_${collection.id}`);
    file.run('DELETE FROM indexes WHERE collection = ?', collection.id);
    file.run('DELETE FROM collections WHERE id = ?', collection.id);
    this.collections.delete(collection.namespace);
    this.changes++;
    this.layout++;
  }

  /** Creates an index and enters the documents that are there; an entry that it refuses undoes it. */
  createIndex(collection: Collection, spec: Doc): void {
    const index = this.createIndexTable(collection.id, spec);
    try {
      for (const [rid, bytes] of this.context.file.iterate(`SELECT rid, doc FROM c_${collection.id}`)) {
        collection.indexExisting(index, Number(rid), decodeDocument(asBuffer(bytes as Uint8Array)));
      }
    } catch (error) {
      this.dropIndexTable(index);
      throw error;
    }
    collection.indexes.push(index);
    this.changes++;
    this.layout++;
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

  private createIndexTable(collection: number, spec: Doc): IndexDefinition {
    const { file } = this.context;
    const multikey = [...(spec.get('key') as Doc)].map(() => false);
    const row = file.get(
      'INSERT INTO indexes (collection, spec, multikey) VALUES (?, ?, ?) RETURNING id',
      collection,
      encodeDocument(spec),
      JSON.stringify(multikey),
    );
    const index = new IndexDefinition(Number(row![0]), spec, multikey);
    const key = index.unique ? 'k' : 'k, r';
    file.exec(`CREATE TABLE ${index.table} (k BLOB NOT NULL, r INTEGER NOT NULL, PRIMARY KEY (${key})) WITHOUT ROWID`);
    return index;
  }

  private dropIndexTable(index: IndexDefinition): void {
    this.context.file.exec(`DROP TABLE ${index.table}`);
    this.context.file.run('DELETE FROM indexes WHERE id = ?', index.id);
  }

  private remember(collection: Collection): void {
    this.collections.set(collection.namespace, collection);
  }
}

/** Refuses names that MongoDB refuses. */
export function checkNames(db: string, name: string): void {
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(db)) throw new CommandFailure(73, `Invalid database name: '${db}'`);
  const bad =
    name === '' || name.startsWith('.') || name.endsWith('.') || /[$\0]/.test(name) || name.startsWith('system.');
  if (bad || Buffer.byteLength(name) > 235) throw new CommandFailure(73, `Invalid collection name: '${name}'`);
}
