import { encodeDocument } from '../bson/encode';
import { encodeKey } from '../bson/key-encoding';
import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { compileExpression } from '../expression/compile';
import type { Expression } from '../expression/expression';
import { average, extreme, sum } from '../expression/operators';
import type { Stage } from './stage';

const MEMORY = 100 * 1024 * 1024;
const ENTRY_BYTES = 64;

/** How an accumulator takes the values of a group: each into what it has, or all of them at the end. */
type Accumulator =
  | { fold: (kept: Value | undefined, value: Value | undefined) => Value | undefined }
  | { collect: (values: Value[]) => Value };

const distinct = (values: Value[]): Value[] => [
  ...new Map(values.map((value) => [encodeKey(value).toString('latin1'), value])).values(),
];

const ACCUMULATORS: ReadonlyMap<string, Accumulator> = new Map<string, Accumulator>([
  ['$sum', { fold: (kept, value) => sum([kept ?? 0, value]) }],
  ['$avg', { collect: average }],
  ['$min', { fold: (kept, value) => extreme([kept, value], -1) }],
  ['$max', { fold: (kept, value) => extreme([kept, value], 1) }],
  ['$first', { fold: (kept, value) => (kept === undefined ? (value ?? null) : kept) }],
  ['$last', { fold: (_, value) => value ?? null }],
  ['$push', { collect: (values) => values }],
  ['$addToSet', { collect: distinct }],
]);

interface Column {
  name: string;
  expression: Expression;
  accumulator: Accumulator;
}

/** `$group`: one document for each distinct `_id`, in order of first appearance. */
export function group(argument: Value): Stage {
  if (!isDoc(argument)) throw new CommandFailure(15947, "a group's fields must be specified in an object");
  if (!argument.has('_id')) throw new CommandFailure(15955, 'a group specification must include an _id');
  const id = compileId(argument.get('_id')!);
  const columns = [...argument].filter(([name]) => name !== '_id').map(([name, source]) => column(name, source));
  return (input) => grouped(input, id, columns);
}

/** In a document of fields a missing one counts as null. */
function compileId(source: Value): Expression {
  const compiled = compileExpression(source);
  if (!isDoc(source) || source.size === 0 || source.keys().next().value!.startsWith('$')) return compiled;
  const fields = [...source].map(([name, item]) => [name, compileExpression(item)] as const);
  return (root) => new Map(fields.map(([name, item]) => [name, item(root) ?? null]));
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

function* grouped(input: Iterable<Doc>, id: Expression, columns: readonly Column[]): Iterable<Doc> {
  const groups = new Map<string, Group>();
  let bytes = 0;
  for (const document of input) {
    const value = id(document) ?? null;
    const key = encodeKey(value).toString('latin1');
    const there = groups.get(key) ?? new Group(value, columns);
    if (!groups.has(key)) bytes += key.length + ENTRY_BYTES * columns.length;
    groups.set(key, there);
    bytes += there.add(document);
    if (bytes > MEMORY) throw new CommandFailure(292, `$group exceeded its memory limit of ${MEMORY} bytes`);
  }
  for (const there of groups.values()) yield there.result();
}

class Group {
  private readonly kept: (Value | undefined)[];
  private readonly collected: Value[][];

  constructor(
    private readonly id: Value,
    private readonly columns: readonly Column[],
  ) {
    this.kept = columns.map(() => undefined);
    this.collected = columns.map(() => []);
  }

  /** Answers by how many bytes the group grew. */
  add(document: Doc): number {
    let bytes = 0;
    for (const [i, { expression, accumulator }] of this.columns.entries()) {
      const value = expression(document);
      if ('fold' in accumulator) this.kept[i] = accumulator.fold(this.kept[i], value);
      else if (value !== undefined) {
        this.collected[i]!.push(value);
        bytes += sizeOf(value);
      }
    }
    return bytes;
  }

  result(): Doc {
    const result: Doc = new Map([['_id', this.id]]);
    for (const [i, { name, accumulator }] of this.columns.entries())
      result.set(name, 'fold' in accumulator ? (this.kept[i] ?? null) : accumulator.collect(this.collected[i]!));
    return result;
  }
}

const sizeOf = (value: Value): number =>
  isDoc(value) || Array.isArray(value) ? encodeDocument(new Map([['', value]])).length : ENTRY_BYTES;
