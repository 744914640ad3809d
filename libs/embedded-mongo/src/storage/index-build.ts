import { asBuffer } from '../bson/decode';
import type { Collection, GrowingIndex } from './collection';
import type { IndexDefinition } from './index-definition';

const ROWS_IN_A_STEP = 10;

/**
 * An index that is being built: it holds the documents up to a record number, and is kept up to date for those. Nobody
 * reads it before it is whole, and after a crash nothing is left of it.
 */
export class IndexBuild implements GrowingIndex {
  private builtTo = 0;

  constructor(
    private readonly collection: Collection,
    readonly index: IndexDefinition,
  ) {}

  /** Whether a document's keys are in the index already. */
  holds(rid: number): boolean {
    return rid <= this.builtTo;
  }

  /** Enters some more documents; false where there are no more. */
  advance(): boolean {
    const { collection, index } = this;
    const rows = `SELECT rid, doc FROM ${collection.table} WHERE rid > ? ORDER BY rid LIMIT ${ROWS_IN_A_STEP}`;
    const found = collection.file.all(rows, this.builtTo);
    for (const [rid, bytes] of found) {
      collection.indexExisting(index, Number(rid), asBuffer(bytes as Uint8Array));
      this.builtTo = Number(rid);
    }
    return found.length > 0;
  }
}
