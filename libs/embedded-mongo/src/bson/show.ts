import { Binary, isDoc, ObjectId, type Value } from './values';

/** A value as mongod's messages write it. */
export function show(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isDoc(value))
    return value.size === 0 ? '{}' : `{ ${[...value].map(([name, item]) => `${name}: ${show(item)}`).join(', ')} }`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(show).join(', ')} ]`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString('hex').toUpperCase()})`;
  return String(value);
}
