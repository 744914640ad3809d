import { compareValues, valuesEqual } from '../bson/compare';
import { add, multiply } from '../bson/numbers';
import { isDoc, isNumeric, truthy, typeName, type Doc, type Numeric, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { splitPath, type Path } from '../query/predicate';

/** A compiled expression over a document: undefined is a field that is missing. */
export type Expression = (root: Doc) => Value | undefined;

/** Parses an expression; what is not in the subset is refused with the operator's name. */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return reference(source);
  if (Array.isArray(source)) {
    const items = source.map(compileExpression);
    return (root) => items.map((item) => item(root) ?? null);
  }
  return isDoc(source) ? compileDocument(source) : () => source;
}

function reference(source: string): Expression {
  const [first, ...rest] = splitPath(source);
  if (first!.startsWith('$$') && first !== '$$ROOT')
    throw new CommandFailure(17276, `Use of undefined variable: ${first}`);
  const path = first === '$$ROOT' ? rest : [first!.slice(1), ...rest];
  if (path.includes('')) throw new CommandFailure(15998, `an empty name in '${source}'`);
  return (root) => follow(root, path);
}

/** The value at a path; through an array it is the array of what its elements hold. */
function follow(value: Value | undefined, path: Path, depth = 0): Value | undefined {
  if (depth === path.length) return value;
  if (isDoc(value)) return follow(value.get(path[depth]!), path, depth + 1);
  if (!Array.isArray(value)) return undefined;
  const found = value.map((item) => (isDoc(item) ? follow(item, path, depth) : undefined));
  return found.filter((item) => item !== undefined);
}

function compileDocument(source: Doc): Expression {
  const [name] = source.keys();
  if (name?.startsWith('$')) return compileOperator(name, source);
  const odd = [...source.keys()].find((field) => field.startsWith('$') || field.includes('.'));
  if (odd) throw new CommandFailure(odd.startsWith('$') ? 16410 : 16412, `'${odd}' is no name for a field`);
  const fields = [...source].map(([field, item]) => [field, compileExpression(item)] as const);
  return (root) => {
    const found = fields.map(([field, item]) => [field, item(root)] as const);
    return new Map(found.filter((pair): pair is [string, Value] => pair[1] !== undefined));
  };
}

function compileOperator(name: string, source: Doc): Expression {
  if (source.size > 1) throw new CommandFailure(15983, 'an expression specification must contain exactly one field');
  const argument = source.get(name)!;
  if (name === '$literal') return () => argument;
  const operator = OPERATORS.get(name);
  if (!operator) throw new CommandFailure(168, `Unrecognized expression '${name}'`);
  const items = Array.isArray(argument) ? argument : [argument];
  const { least, most, evaluate } = operator;
  if (items.length < least || items.length > most)
    throw new CommandFailure(16020, `Expression ${name} takes ${least} to ${most} arguments, not ${items.length}`);
  const compiled = items.map(compileExpression);
  return (root) => evaluate(compiled.map((item) => () => item(root)));
}

type Result = Value | undefined;

/** How an operator makes a value of its arguments, of which it evaluates those that it needs. */
interface Operator {
  least: number;
  most: number;
  evaluate: (args: readonly (() => Result)[]) => Result;
}

const lazily = (least: number, most: number, evaluate: Operator['evaluate']): Operator => ({ least, most, evaluate });
const of = (count: number, run: (...values: Result[]) => Result): Operator =>
  lazily(count, count, (args) => run(...args.map((arg) => arg())));
const ofAny = (run: (values: Result[]) => Result): Operator =>
  lazily(0, Infinity, (args) => run(args.map((arg) => arg())));
const comparison = (holds: (order: number) => boolean): Operator => of(2, (a, b) => holds(compareMissing(a, b)));

/** The operators of the subset. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['$eq', comparison((order) => order === 0)],
  ['$ne', comparison((order) => order !== 0)],
  ['$gt', comparison((order) => order > 0)],
  ['$gte', comparison((order) => order >= 0)],
  ['$lt', comparison((order) => order < 0)],
  ['$lte', comparison((order) => order <= 0)],
  ['$and', lazily(0, Infinity, (args) => args.every((arg) => truthy(arg())))],
  ['$or', lazily(0, Infinity, (args) => args.some((arg) => truthy(arg())))],
  ['$not', of(1, (value) => !truthy(value))],
  ['$cond', lazily(3, 3, ([test, yes, no]) => (truthy(test!()) ? yes!() : no!()))],
  ['$ifNull', lazily(2, 2, ([value, otherwise]) => value!() ?? otherwise!())],
  ['$add', ofAny((values) => combined('$add', values, 16554, 0, add))],
  ['$subtract', of(2, subtract)],
  ['$multiply', ofAny((values) => combined('$multiply', values, 16555, 1, multiply))],
  ['$concat', ofAny(concat)],
  ['$size', of(1, (value) => array(value, 17124).length)],
  ['$in', of(2, (value, items) => array(items, 40081).some((item) => value !== undefined && valuesEqual(item, value)))],
]);

const absent = (value: Result): value is null | undefined => value === undefined || value === null;

/** In expressions a missing value ranks below null. */
function compareMissing(a: Result, b: Result): number {
  return compareValues(a, b) || Number(a !== undefined) - Number(b !== undefined);
}

function array(value: Result, code: number): Value[] {
  if (!Array.isArray(value)) throw new CommandFailure(code, `an array is needed, not one of type ${typeName(value)}`);
  return value;
}

function numeric(name: string, value: Value, code: number): Numeric {
  if (isNumeric(value)) return value;
  throw new CommandFailure(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

function combined(name: string, values: Result[], code: number, start: number, combine: typeof add): Value {
  if (values.some(absent)) return null;
  return values.map((value) => numeric(name, value!, code)).reduce((a, b) => combine(a, b), start);
}

function subtract(a: Result, b: Result): Value {
  if (absent(a) || absent(b)) return null;
  return add(numeric('$subtract', a, 16556), multiply(numeric('$subtract', b, 16556), -1));
}

function concat(values: readonly Result[]): Value {
  const odd = values.find((value) => typeof value !== 'string');
  if (odd === undefined && !values.includes(undefined)) return values.join('');
  if (absent(odd)) return null;
  throw new CommandFailure(16702, `$concat only supports strings, not ${typeName(odd)}`);
}
