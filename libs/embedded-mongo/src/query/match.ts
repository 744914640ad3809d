import { isDoc, type Value } from '../bson/values';
import { asIndex, type Leaf, type Predicate, type Trace } from './predicate';

/** True if the value, a document or an array's element, satisfies it; `trace` gets the first matching element's index. */
export function matches(predicate: Predicate, value: Value, trace?: Trace): boolean {
  switch (predicate.kind) {
    case 'leaf':
      return someAt(predicate, value, 0, trace);
    case 'and':
      return predicate.parts.every((part) => matches(part, value, trace));
    case 'or':
      return predicate.parts.some((part) => matches(part, value));
    case 'not':
      return !matches(predicate.part, value);
  }
}

function someAt(leaf: Leaf, value: Value | undefined, depth: number, trace?: Trace): boolean {
  if (depth === leaf.path.length) return atEnd(leaf, value, trace);
  if (isDoc(value)) return someAt(leaf, value.get(leaf.path[depth]!), depth + 1, trace);
  if (!Array.isArray(value)) return leaf.test(undefined);
  const index = asIndex(leaf.path[depth]!);
  if (index !== undefined && index < value.length && atIndex(leaf, value[index]!, depth + 1, trace)) return true;
  return anyElement(value, trace, (item) => isDoc(item) && someAt(leaf, item, depth, trace));
}

/** What is named by its index is not taken apart any further; what has no fields lacks none. */
function atIndex(leaf: Leaf, value: Value, depth: number, trace?: Trace): boolean {
  if (depth === leaf.path.length) return leaf.test(value, trace);
  return (isDoc(value) || Array.isArray(value)) && someAt(leaf, value, depth, trace);
}

function atEnd(leaf: Leaf, value: Value | undefined, trace?: Trace): boolean {
  if (!Array.isArray(value) || leaf.whole) return leaf.test(value, trace);
  return anyElement(value, trace, (item) => leaf.test(item)) || leaf.test(value);
}

/** Tries the elements in turn; the outermost array's index is what stays in the trace. */
export function anyElement(items: readonly Value[], trace: Trace | undefined, test: (item: Value) => boolean): boolean {
  const index = items.findIndex(test);
  if (index >= 0 && trace) trace.index = index;
  return index >= 0;
}
