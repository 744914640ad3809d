import { isDoc, isNumeric, wholeNumber, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, typeMismatch } from '../failure';
import { splitPath } from '../query/predicate';
import { encodeParts, extractKeys, type IndexField, type KeyPart } from '../storage/index-keys';

/** Parses `{a: 1, b: -1}`; an empty sort is none. */
export function parseSort(sort: Value | undefined): IndexField[] | undefined {
  if (sort === undefined || (isDoc(sort) && sort.size === 0)) return undefined;
  if (!isDoc(sort)) throw typeMismatch('sort must be a document');
  return [...sort].map(([name, direction]) => sortField(name, direction));
}

function sortField(name: string, direction: Value): IndexField {
  if (!isNumeric(direction)) throw new CommandFailure(15974, `Illegal key in $sort specification: ${name}`);
  const whole = wholeNumber(direction);
  if (whole !== 1 && whole !== -1)
    throw new CommandFailure(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  const path = splitPath(name);
  if (path.includes('')) throw new CommandFailure(40352, 'FieldPath cannot be constructed with empty string');
  if (name.startsWith('$')) throw new CommandFailure(16410, `FieldPath field names may not start with '$': ${name}`);
  return { name, path, descending: whole < 0 };
}

/** Bytes that order documents as the sort does; of an array the least element counts, or the greatest when descending. */
export function sortKey(fields: readonly IndexField[], document: Doc): Buffer {
  const keys = keysOf(fields, document).map((parts) => encodeParts(fields, parts));
  return keys.reduce((least, key) => (key.compare(least) < 0 ? key : least));
}

function keysOf(fields: readonly IndexField[], document: Doc): KeyPart[][] {
  try {
    return extractKeys(fields, document).keys;
  } catch (error) {
    throw error instanceof CommandFailure ? badValue('cannot sort with keys that are parallel arrays') : error;
  }
}
