import { KeyWriter } from '../bson/key-encoding';
import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { asIndex, type Path } from '../query/predicate';

/** One field of an index. */
export interface IndexField {
  name: string;
  path: Path;
  descending: boolean;
}

/** What an index field holds for a document: a value, nothing (`undefined`), or an array without elements. */
export type KeyPart = Value | undefined | typeof EMPTY_ARRAY;

/** The key parts of a document, and which of the fields went through an array, if any did. */
export interface ExtractedKeys {
  keys: KeyPart[][];
  arrays: boolean[];
}

export const EMPTY_ARRAY = Symbol('an array without elements');

/** All keys that a document has in an index: one, or one an element where a field leads through an array. */
export function extractKeys(fields: readonly IndexField[], document: Doc): ExtractedKeys {
  const plain = plainKey(fields, document);
  if (plain) return { keys: [plain], arrays: [] };
  const result: ExtractedKeys = { keys: [], arrays: fields.map(() => false) };
  expand(
    fields,
    fields.map(() => ({ value: document, depth: 0, done: false })),
    result,
  );
  return result;
}

/** The one key of a document, unless a field leads through an array. */
export function plainKey(fields: readonly IndexField[], document: Doc): KeyPart[] | undefined {
  const parts: KeyPart[] = [];
  for (const { path } of fields) {
    let value: Value | undefined = document;
    for (const name of path) {
      if (Array.isArray(value)) return undefined;
      value = isDoc(value) ? value.get(name) : undefined;
    }
    if (Array.isArray(value)) return undefined;
    parts.push(value);
  }
  return parts;
}

/** A field on its way down its path. */
interface Step {
  value: KeyPart;
  depth: number;
  done: boolean;
}

function expand(fields: readonly IndexField[], from: readonly Step[], result: ExtractedKeys): void {
  const steps = from.map((step, i) => (step.done ? step : descend(step, fields[i]!.path)));
  const array = steps.find((step) => !step.done)?.value as Value[] | undefined;
  if (array === undefined) {
    result.keys.push(steps.map((step) => step.value));
    return;
  }
  steps.forEach((step, i) => {
    if (step.done) return;
    if (step.value !== array) throw parallelArrays(fields, steps);
    result.arrays[i] = true;
  });
  const elements: (Value | typeof EMPTY_ARRAY)[] = array.length === 0 ? [EMPTY_ARRAY] : array;
  for (const element of elements) {
    expand(
      fields,
      steps.map((step, i) => (step.done ? step : into(element, step.depth, fields[i]!.path))),
      result,
    );
  }
}

/** Follows the path until its end or until an array that has to be taken apart. */
function descend(step: Step, path: Path): Step {
  let { value, depth } = step;
  let byIndex = false;
  while (depth < path.length) {
    byIndex = Array.isArray(value);
    if (Array.isArray(value)) {
      const index = asIndex(path[depth]!);
      if (index === undefined) return { value, depth, done: false };
      value = value[index];
    } else if (isDoc(value as Value)) value = (value as Doc).get(path[depth]!);
    else return { value: undefined, depth, done: true };
    depth++;
  }
  // What is named by its index is not taken apart any further.
  return { value, depth, done: !Array.isArray(value) || (byIndex && value.length > 0) };
}

function into(element: Value | typeof EMPTY_ARRAY, depth: number, path: Path): Step {
  if (depth === path.length) return { value: element, depth, done: true };
  return isDoc(element as Value) ? { value: element, depth, done: false } : { value: undefined, depth, done: true };
}

function parallelArrays(fields: readonly IndexField[], steps: readonly Step[]): CommandFailure {
  const names = fields.filter((_, i) => !steps[i]!.done).map((field) => `[${field.name}]`);
  return new CommandFailure(171, `cannot index parallel arrays ${names.join(' ')}`);
}

const writer = new KeyWriter();

/** The bytes of a compound key. */
export function encodeParts(fields: readonly IndexField[], parts: readonly KeyPart[]): Buffer {
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    writer.add(part === EMPTY_ARRAY ? undefined : ((part as Value | undefined) ?? null), fields[i]!.descending);
  }
  return writer.finish();
}
