import { compareValues } from '../bson/compare';
import { encodeKey } from '../bson/key-encoding';
import { add } from '../bson/numbers';
import { isDoc, isNumeric, type Doc, type Numeric, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { compileExpression, type Expression } from '../expression/expression';

const MEMORY = 100 * 1024 * 1024;
const ENTRY_BYTES = 64;

/** From what a group has so far, and the value of one more document, what it has then; undefined is nothing yet. */
type Accumulator = (kept: Value | undefined, value: Value | undefined) => Value;

const ACCUMULATORS: ReadonlyMap<string, Accumulator> = new Map([
  ['$sum', (total = 0, value) => (isNumeric(value) ? add(total as Numeric, value) : total)],
  ['$min', (least, value) => better(least, value, -1)],
  ['$max', (most, value) => better(most, value, 1)],
  ['$first', (first, value = null) => (first === undefined ? value : first)],
  ['$last', (_, value = null) => value],
]);

function better(kept: Value = null, value: Value = null, sign: 1 | -1): Value {
  if (value === null) return kept;
  return kept === null || compareValues(value, kept) * sign > 0 ? value : kept;
}

interface Column {
  name: string;
  expression: Expression;
  next: Accumulator;
}

/** A `$group`: which fields of a document it looks at, and what becomes of many. */
export interface Grouping {
  fields: ReadonlySet<string>;
  run: (documents: Iterable<Doc>) => IteratorObject<Doc>;
}

/** Parses a `$group`: one document for each distinct `_id`, in order of first appearance. */
export function parseGroup(argument: Value): Grouping {
  if (!isDoc(argument)) throw new CommandFailure(15947, "a group's fields must be specified in an object");
  if (!argument.has('_id')) throw new CommandFailure(15955, 'a group specification must include an _id');
  const id = compileId(argument.get('_id')!);
  const columns = [...argument].filter(([name]) => name !== '_id').map(([name, source]) => column(name, source));
  return { fields: new Set(fieldsNamed(argument)), run: (documents) => grouped(documents, id, columns) };
}

/** The top-level fields whose paths are in an argument. */
function fieldsNamed(value: Value): string[] {
  if (typeof value === 'string') return value.startsWith('$') ? [value.slice(1).split('.')[0]!] : [];
  return isDoc(value) || Array.isArray(value) ? [...value.values()].flatMap(fieldsNamed) : [];
}

/** In a document of one field a missing one counts as null. */
function compileId(source: Value): Expression {
  const compiled = compileExpression(source);
  const [name, more] = isDoc(source) ? source.keys() : [];
  if (name === undefined || more !== undefined || name.startsWith('$')) return compiled;
  return (root) => new Map([[name, null], ...(compiled(root) as Doc)]);
}

function column(name: string, source: Value): Column {
  if (name.includes('.')) throw new CommandFailure(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new CommandFailure(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDoc(source) || source.size === 0)
    throw new CommandFailure(40234, `The field '${name}' must be an accumulator object`);
  if (source.size > 1) throw new CommandFailure(40238, `The field '${name}' must specify one accumulator`);
  const [operator, argument] = [...source][0]!;
  const next = ACCUMULATORS.get(operator);
  if (!next) throw new CommandFailure(15952, `unknown group operator '${operator}'`);
  if (Array.isArray(argument)) throw new CommandFailure(40237, `The ${operator} accumulator is a unary operator`);
  return { name, expression: compileExpression(argument), next };
}

function* grouped(documents: Iterable<Doc>, id: Expression, columns: readonly Column[]): Generator<Doc> {
  const groups = new Map<string, Doc>();
  let bytes = 0;
  for (const document of documents) {
    const _id = id(document) ?? null;
    const key = encodeKey(_id).toString('latin1');
    const group: Doc = groups.get(key) ?? new Map([['_id', _id]]);
    for (const { name, expression, next } of columns) group.set(name, next(group.get(name), expression(document)));
    if (!groups.has(key)) bytes += key.length + ENTRY_BYTES * columns.length;
    groups.set(key, group);
    if (bytes > MEMORY) throw new CommandFailure(292, `$group exceeded its memory limit of ${MEMORY} bytes`);
  }
  yield* groups.values();
}
