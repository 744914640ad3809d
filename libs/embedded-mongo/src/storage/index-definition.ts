import { show } from '../bson/show';
import { isDoc, truthy, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { matches } from '../query/match';
import { parseFilter } from '../query/parse';
import { fieldsIn, splitPath, type Predicate } from '../query/predicate';
import { insertOfPairs, type PairInsert } from './database-file';
import { EMPTY_ARRAY, encodeParts, extractKeys, plainKey, type IndexField } from './index-keys';

/** An index: its specification as the client gave it, parsed, and the table that holds its keys. */
export class IndexDefinition {
  readonly name: string;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Predicate | undefined;
  readonly expireAfterSeconds: number | undefined;
  readonly table: string;
  /** Its statements, put together once; those that read by a number that says what they are. */
  readonly sql: { add: PairInsert; remove: string; reads: Map<number, string> };
  /** True once the multikey flags in memory are ahead of those on disk. */
  multikeyChanged = false;

  constructor(
    readonly id: number,
    readonly spec: Doc,
    readonly multikey: boolean[],
  ) {
    this.name = spec.get('name') as string;
    this.table = `i_${id}`;
    this.unique = this.isId || truthy(spec.get('unique'));
    this.sql = {
      add: insertOfPairs(`INSERT ${this.unique ? 'OR IGNORE ' : ''}INTO ${this.table} (k, r)`),
      remove: `DELETE FROM ${this.table} WHERE k = ? AND r = ?`,
      reads: new Map(),
    };
    this.fields = [...(spec.get('key') as Doc)].map(([name, order]) => ({
      name,
      path: splitPath(name),
      descending: Number(order) < 0,
    }));
    this.sparse = truthy(spec.get('sparse'));
    const partial = spec.get('partialFilterExpression');
    this.partial = isDoc(partial) ? parseFilter(partial) : undefined;
    this.expireAfterSeconds = wholeNumber(spec.get('expireAfterSeconds'));
  }

  /** The top-level fields that decide about its keys. */
  get looksAt(): string[] {
    return [...this.fields.map(({ path }) => path[0]!), ...(this.partial ? fieldsIn(this.partial) : [])];
  }

  get isId(): boolean {
    return this.name === '_id_';
  }

  /** True if some document made a field of this index lead through an array. */
  get isMultikey(): boolean {
    return this.multikey.includes(true);
  }

  /** The encoded keys of a document, none where the index leaves it out. */
  keysOf(document: Doc): Buffer[] {
    if (this.partial && !matches(this.partial, document)) return [];
    const plain = plainKey(this.fields, document);
    if (plain && !this.sparse) return [encodeParts(this.fields, plain)];
    const { keys, arrays } = extractKeys(this.fields, document);
    if (this.sparse && keys.every((parts) => parts.every((part) => part === undefined))) return [];
    arrays.forEach((isArray, i) => {
      if (!isArray || this.multikey[i]) return;
      this.multikey[i] = true;
      this.multikeyChanged = true;
    });
    return distinct(keys.map((parts) => encodeParts(this.fields, parts)));
  }

  /** MongoDB's E11000, with the values of the document's key that is there already. */
  duplicateKey(namespace: string, document: Doc, key: Buffer): CommandFailure {
    const { keys } = extractKeys(this.fields, document);
    const parts = keys.find((one) => encodeParts(this.fields, one).equals(key)) ?? [];
    const keyValue: Doc = new Map();
    for (const [i, { name }] of this.fields.entries()) {
      const part = parts[i];
      keyValue.set(name, part === EMPTY_ARRAY ? [] : ((part as Value | undefined) ?? null));
    }
    const where = `${namespace} index: ${this.name} dup key: ${show(keyValue)}`;
    const keyPattern = this.spec.get('key') as Doc;
    return new CommandFailure(11000, `E11000 duplicate key error collection: ${where}`, { keyPattern, keyValue });
  }

  /** The specification as `listIndexes` shows it. */
  describe(): Doc {
    return new Map<string, Value>([['v', 2], ...this.spec]);
  }
}

function distinct(keys: Buffer[]): Buffer[] {
  if (keys.length < 2) return keys;
  const sorted = keys.sort(Buffer.compare);
  return sorted.filter((key, i) => i === 0 || !key.equals(sorted[i - 1]!));
}
