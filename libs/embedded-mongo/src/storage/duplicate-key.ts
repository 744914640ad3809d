import { show } from '../bson/show';
import type { Doc, Value } from '../bson/values';
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
