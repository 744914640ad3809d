import { compareValues } from '../bson/compare';
import { encodeDocument } from '../bson/encode';
import { encodeKey } from '../bson/key-encoding';
import { add } from '../bson/numbers';
import { double, isDoc, isNumeric, toNumber, type Doc, type Numeric, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { compileExpression, type Expression } from '../expression/expression';
import type { Stage } from './stage';

const MEMORY = 100 * 1024 * 1024;
const ENTRY_BYTES = 64;

/** Takes the values of one group one by one, undefined where one is missing. */
interface Accumulator {
  take: (value: Value | undefined) => void;
  result: () => Value;
  /** It keeps what it takes. */
  collects?: true;
}

const ACCUMULATORS: ReadonlyMap<string, () => Accumulator> = new Map([
  ['$sum', () => folding(0, (total, value) => (isNumeric(value) ? add(total as Numeric, value) : total!))],
  ['$avg', average],
  ['$min', () => folding(null, (least, value) => better(least, value, -1))],
  ['$max', () => folding(null, (most, value) => better(most, value, 1))],
  ['$first', () => folding(undefined, (first, value) => (first === undefined ? (value ?? null) : first))],
  ['$last', () => folding(null, (_, value) => value ?? null)],
  ['$push', () => collecting((values) => values)],
  ['$addToSet', () => collecting(distinct)],
]);

function folding(
  start: Value | undefined,
  next: (kept: Value | undefined, value: Value | undefined) => Value,
): Accumulator {
  let kept = start;
  return { take: (value) => (kept = next(kept, value)), result: () => kept! };
}

function average(): Accumulator {
  let total: Numeric = 0;
  let count = 0;
  const take = (value: Value | undefined): void => {
    if (!isNumeric(value)) return;
    total = add(total, value);
    count++;
  };
  return { take, result: () => (count === 0 ? null : double(toNumber(total) / count)) };
}

function collecting(finish: (values: Value[]) => Value): Accumulator {
  const values: Value[] = [];
  return { take: (value) => value !== undefined && values.push(value), result: () => finish(values), collects: true };
}

function better(kept: Value | undefined, value: Value | undefined, sign: 1 | -1): Value {
  if (value === undefined || value === null) return kept ?? null;
  return kept === null || compareValues(value, kept) * sign > 0 ? value : kept!;
}

const distinct = (values: Value[]): Value[] => [
  ...new Map(values.map((value) => [encodeKey(value).toString('latin1'), value])).values(),
];

interface Column {
  name: string;
  expression: Expression;
  accumulator: () => Accumulator;
}

/** `$group`: one document for each distinct `_id`, in order of first appearance. */
export function group(argument: Value): Stage {
  if (!isDoc(argument)) throw new CommandFailure(15947, "a group's fields must be specified in an object");
  if (!argument.has('_id')) throw new CommandFailure(15955, 'a group specification must include an _id');
  const id = compileId(argument.get('_id')!);
  const columns = [...argument].filter(([name]) => name !== '_id').map(([name, source]) => column(name, source));
  return (input) => grouped(input, id, columns);
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
  const accumulator = ACCUMULATORS.get(operator);
  if (!accumulator) throw new CommandFailure(15952, `unknown group operator '${operator}'`);
  if (Array.isArray(argument)) throw new CommandFailure(40237, `The ${operator} accumulator is a unary operator`);
  return { name, expression: compileExpression(argument), accumulator };
}

function* grouped(input: IteratorObject<Doc>, id: Expression, columns: readonly Column[]): Generator<Doc> {
  const groups = new Map<string, Group>();
  let bytes = 0;
  for (const document of input) {
    const value = id(document) ?? null;
    const key = encodeKey(value).toString('latin1');
    const there = groups.get(key) ?? { id: value, accumulators: columns.map(({ accumulator }) => accumulator()) };
    if (!groups.has(key)) bytes += key.length + ENTRY_BYTES * columns.length;
    groups.set(key, there);
    bytes += take(there, columns, document);
    if (bytes > MEMORY) throw new CommandFailure(292, `$group exceeded its memory limit of ${MEMORY} bytes`);
  }
  for (const { id: _id, accumulators } of groups.values())
    yield new Map([['_id', _id], ...columns.map(({ name }, i) => [name, accumulators[i]!.result()] as const)]);
}

interface Group {
  id: Value;
  accumulators: Accumulator[];
}

/** Answers by how many bytes the group grew. */
function take({ accumulators }: Group, columns: readonly Column[], document: Doc): number {
  let bytes = 0;
  for (const [i, accumulator] of accumulators.entries()) {
    const value = columns[i]!.expression(document);
    accumulator.take(value);
    if (accumulator.collects && value !== undefined) bytes += sizeOf(value);
  }
  return bytes;
}

const sizeOf = (value: Value): number =>
  isDoc(value) || Array.isArray(value) ? encodeDocument(new Map([['', value]])).length : ENTRY_BYTES;
