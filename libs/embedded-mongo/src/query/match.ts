import { isDoc, type Doc, type Value } from '../bson/values';
import { asIndex, type Leaf, type Predicate, type Trace } from './predicate';

/** True if the document satisfies the predicate; `trace` receives the index of the first matching array element. */
export function matches(predicate: Predicate, document: Doc, trace?: Trace): boolean {
  return matchesValue(predicate, document, trace);
}

/** As `matches`, for a predicate over a single array element as well. */
export function matchesValue(predicate: Predicate, value: Value, trace?: Trace): boolean {
  switch (predicate.kind) {
    case 'leaf':
      return someAt(predicate, value, 0, trace);
    case 'and':
      return predicate.parts.every((part) => matchesValue(part, value, trace));
    case 'or':
      return predicate.parts.some((part) => matchesValue(part, value, trace));
    case 'nor':
      return !predicate.parts.some((part) => matchesValue(part, value));
    case 'not':
      return !matchesValue(predicate.part, value);
    case 'expression':
      return isDoc(value) && predicate.holds(value);
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

/** What is named by its index is not taken apart any further. */
function atIndex(leaf: Leaf, value: Value, depth: number, trace?: Trace): boolean {
  return depth === leaf.path.length ? leaf.test(value, trace) : someAt(leaf, value, depth, trace);
}

function atEnd(leaf: Leaf, value: Value | undefined, trace?: Trace): boolean {
  if (!Array.isArray(value) || leaf.whole) return leaf.test(value, trace);
  return anyElement(value, trace, (item) => leaf.test(item)) || leaf.test(value);
}

/** Tries the elements in turn; the outermost array's index is what stays in the trace. */
export function anyElement(items: readonly Value[], trace: Trace | undefined, test: (item: Value) => boolean): boolean {
  for (let index = 0; index < items.length; index++) {
    if (!test(items[index]!)) continue;
    if (trace) trace.index = index;
    return true;
  }
  return false;
}
