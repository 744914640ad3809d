import { Binary, isDoc, ObjectId, type Doc, type Value } from '../bson/values';
import { DuplicateKey } from '../failure';
import type { IndexDefinition } from './index-definition';
import { EMPTY_ARRAY } from './index-keys';

/** MongoDB's E11000, with the pattern and the values of the key that is there already. */
export function duplicateKey(namespace: string, index: IndexDefinition, document: Doc, key: Buffer): DuplicateKey {
  const parts = index.partsOf(document, key);
  const keyValue: Doc = new Map();
  index.fields.forEach((field, i) => {
    const part = parts[i];
    keyValue.set(field.name, part === EMPTY_ARRAY ? [] : ((part as Value | undefined) ?? null));
  });
  const message = `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${show(keyValue)}`;
  return new DuplicateKey(message, index.spec.get('key'), keyValue);
}

/** A value as mongod's messages write it. */
export function show(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isDoc(value)) return value.size === 0 ? '{}' : `{ ${[...value].map(([name, item]) => `${name}: ${show(item)}`).join(', ')} }`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(show).join(', ')} ]`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString('hex').toUpperCase()})`;
  return String(value);
}
