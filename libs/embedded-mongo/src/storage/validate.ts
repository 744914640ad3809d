import { decodeDocument, asBuffer } from '../bson/decode';
import type { Collection } from './collection';

const MOST_ERRORS = 100;

/** What a check of a collection found. */
export interface Validation {
  records: number;
  keys: Record<string, number>;
  errors: string[];
}

/** Checks that every document can be read and that each index holds the keys of the documents and no others. */
export function validateCollection(collection: Collection): Validation {
  const { file, indexes } = collection;
  const errors: string[] = file.all('PRAGMA quick_check').flatMap((row) => (row[0] === 'ok' ? [] : [String(row[0])]));
  const expected = indexes.map(() => 0);
  let records = 0;
  for (const [rid, bytes] of file.iterate(`SELECT rid, doc FROM ${collection.table}`)) {
    records++;
    const document = decodeDocument(asBuffer(bytes as Uint8Array));
    indexes.forEach((index, i) => {
      for (const key of index.keysOf(document)) {
        expected[i]!++;
        const there = file.get(`SELECT 1 FROM ${index.table} WHERE k = ? AND r = ?`, key, Number(rid));
        if (!there && errors.length < MOST_ERRORS) errors.push(`index ${index.name} lacks a key of record ${rid}`);
      }
    });
  }
  const keys: Record<string, number> = {};
  indexes.forEach((index, i) => {
    keys[index.name] = Number(file.get(`SELECT count(*) FROM ${index.table}`)![0]);
    if (keys[index.name] !== expected[i])
      errors.push(`index ${index.name} holds ${keys[index.name]} keys, the documents have ${expected[i]}`);
  });
  return { records, keys, errors };
}
