import { encodeKey } from './key-encoding';
import { ObjectId, typeOrder, type Value } from './values';

/**
 * MongoDB's order over all values: first by type, then by value; a missing value ranks as null. It is the order of the
 * encoded keys, so that a scan, an index and a sort cannot disagree; the frequent types take a shorter way.
 */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (a === b) return 0;
  if (typeof a === 'number' && typeof b === 'number' && !Number.isNaN(a) && !Number.isNaN(b)) return a < b ? -1 : 1;
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  return typeOrder(a) - typeOrder(b) || Buffer.compare(encodeKey(a ?? null), encodeKey(b ?? null));
}

export const valuesEqual = (a: Value | undefined, b: Value | undefined): boolean =>
  a === b || (typeof a !== 'string' && typeof a !== 'boolean' && compareValues(a, b) === 0);
