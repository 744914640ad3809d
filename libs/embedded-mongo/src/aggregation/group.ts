import { compareValues } from '../bson/compare';
import { encodeKey } from '../bson/key-encoding';
import { isDoc, type Doc, type Value } from '../bson/values';
import { encodeDocument } from '../bson/encode';
import { CommandFailure } from '../failure';
import { average, extreme, sum } from '../expression/arithmetic';
import { compileExpression } from '../expression/compile';
import type { Expression, Scope } from '../expression/expression';
import type { Stage, StageParser } from './stage';

const MEMORY = 100 * 1024 * 1024;
const ENTRY_BYTES = 64;

/** Takes the values of one group, one by one. */
interface Accumulator {
  add(value: Value | undefined): void;
  result(): Value;
}

/** An accumulator that folds each value into what it has. */
const folding = (start: Value, fold: (kept: Value, value: Value | undefined) => Value) => (): Accumulator => {
  let kept = start;
  return { add: (value) => (kept = fold(kept, value)), result: () => kept };
};

const first = (): Accumulator => {
  let kept: Value | undefined;
  let seen = false;
  return {
    add: (value) => {
      if (!seen) kept = value;
      seen = true;
    },
    result: () => kept ?? null,
  };
};

/** An accumulator that keeps all values until the end. */
const collecting = (finish: (values: Value[]) => Value) => (): Accumulator => {
  const values: Value[] = [];
  return { add: (value) => value !== undefined && values.push(value), result: () => finish(values) };
};

const addToSet = (): Accumulator => {
  const seen = new Map<string, Value>();
  return {
    add: (value) => value !== undefined && seen.set(encodeKey(value).toString('latin1'), value),
    result: () => [...seen.values()],
  };
};

const ACCUMULATORS: ReadonlyMap<string, () => Accumulator> = new Map<string, () => Accumulator>([
  ['$sum', folding(0, (kept, value) => sum([kept, value]))],
  ['$count', folding(0, (kept) => sum([kept, 1]))],
  ['$avg', collecting(average)],
  ['$min', folding(null, (kept, value) => extreme([kept, value], -1))],
  ['$max', folding(null, (kept, value) => extreme([kept, value], 1))],
  ['$first', first],
  ['$last', folding(null, (_, value) => value ?? null)],
  ['$push', collecting((values) => values)],
  ['$addToSet', addToSet],
  ['$mergeObjects', folding(new Map(), (kept, value) => new Map([...(kept as Doc), ...(isDoc(value) ? value : [])]))],
]);

const KEEP_ALL: ReadonlySet<string> = new Set(['$push', '$addToSet', '$avg']);

interface Column {
  name: string;
  expression: Expression;
  accumulator: () => Accumulator;
  /** Memory grows with each value. */
  keepsAll: boolean;
}

const sizeOf = (value: Value | undefined): number =>
  isDoc(value) ? encodeDocument(value).length : typeof value === 'string' ? value.length : 16;

/** `$group`: one document for each distinct `_id`, in order of first appearance. */
export const group: StageParser = (argument, { variables }) => {
  if (!isDoc(argument)) throw new CommandFailure(15947, "a group's fields must be specified in an object");
  if (!argument.has('_id')) throw new CommandFailure(15955, 'a group specification must include an _id');
  const id = compileExpression(argument.get('_id')!);
  const columns = [...argument].filter(([name]) => name !== '_id').map(([name, source]) => column(name, source));
  return grouping(id, columns, (root) => ({ root, variables }));
};

function column(name: string, source: Value): Column {
  if (name.includes('.')) throw new CommandFailure(40235, `The field name '${name}' cannot contain '.'`);
  if (!isDoc(source) || source.size !== 1)
    throw new CommandFailure(isDoc(source) ? 40238 : 40234, `The field '${name}' must be an accumulator object`);
  const [operator, argument] = [...source][0]!;
  const accumulator = ACCUMULATORS.get(operator);
  if (!accumulator) throw new CommandFailure(15952, `unknown group operator '${operator}'`);
  return {
    name,
    expression: operator === '$count' ? () => null : compileExpression(argument),
    accumulator,
    keepsAll: KEEP_ALL.has(operator),
  };
}

function grouping(id: Expression, columns: readonly Column[], scopeOf: (root: Doc) => Scope): Stage {
  return function* (input) {
    const groups = new Map<string, { id: Value; kept: Accumulator[] }>();
    const memory = new MemoryGuard('$group');
    for (const document of input) {
      const scope = scopeOf(document);
      const value = id(scope) ?? null;
      const key = encodeKey(value).toString('latin1');
      let entry = groups.get(key);
      if (!entry) {
        groups.set(key, (entry = { id: value, kept: columns.map((one) => one.accumulator()) }));
        memory.add(key.length + ENTRY_BYTES * columns.length);
      }
      columns.forEach((one, i) => {
        const item = one.expression(scope);
        if (one.keepsAll) memory.add(sizeOf(item));
        entry.kept[i]!.add(item);
      });
    }
    for (const { id: value, kept } of groups.values()) {
      const result: Doc = new Map([['_id', value]]);
      columns.forEach((one, i) => result.set(one.name, kept[i]!.result()));
      yield result;
    }
  };
}

/** Ends a stage that would keep too much. */
export class MemoryGuard {
  private bytes = 0;

  constructor(private readonly stage: string) {}

  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > MEMORY)
      throw new CommandFailure(292, `${this.stage} exceeded its memory limit of ${MEMORY} bytes`);
  }
}

/** The most frequent first, as `$sortByCount` gives them. */
export const byCountDescending = (a: Doc, b: Doc): number => compareValues(b.get('count'), a.get('count'));
