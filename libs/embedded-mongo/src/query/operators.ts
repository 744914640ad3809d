import { compareValues, valuesEqual } from '../bson/compare';
import {
  BSONRegExp,
  isDoc,
  isNumeric,
  MaxKey,
  MinKey,
  toNumber,
  truthy,
  TYPES,
  typeOf,
  typeOrder,
  wholeNumber,
  type BsonType,
  type Doc,
  type Value,
} from '../bson/values';
import { badValue, failedToParse, typeMismatch } from '../failure';
import { anyElement, matches } from './match';
import type { Leaf, LeafOperator, Path, Predicate, Test } from './predicate';
import { regexFrom, regexTest } from './regex';

/** What a test applies to; with `whole`, arrays are not taken apart. */
export interface Field {
  path: Path;
  whole: boolean;
}

/** Parses filters and tests of one field; handed over, as operators contain them again. */
export interface Parser {
  filter: (filter: Doc) => Predicate;
  tests: (field: Field, operators: Doc) => Predicate;
}

type OperatorParser = (field: Field, operand: Value, parser: Parser, siblings: Doc) => Predicate;

const leaf = ({ path, whole }: Field, operator: LeafOperator, operand: Value, test: Test): Leaf => ({
  kind: 'leaf',
  path,
  operator,
  operand,
  test,
  whole,
});
const not = (part: Predicate): Predicate => ({ kind: 'not', part });

/** The operators on one field, by name. */
export const OPERATORS: ReadonlyMap<string, OperatorParser> = new Map<string, OperatorParser>([
  ['$eq', equality],
  ['$ne', (field, operand) => not(equality(field, noRegex(field, operand)))],
  ['$gt', (field, operand) => range(field, 'gt', operand)],
  ['$gte', (field, operand) => range(field, 'gte', operand)],
  ['$lt', (field, operand) => range(field, 'lt', operand)],
  ['$lte', (field, operand) => range(field, 'lte', operand)],
  ['$in', (field, operand) => membership(field, '$in', operand)],
  ['$nin', (field, operand) => not(membership(field, '$nin', operand))],
  ['$exists', existence],
  ['$type', ofType],
  ['$size', ofSize],
  ['$regex', (field, operand, _, siblings) => regex(field, regexFrom(operand, siblings.get('$options')))],
  ['$not', negation],
  ['$all', allOf],
  ['$elemMatch', (field, operand, parser) => elemMatch(field.path, operand, parser)],
]);

function noRegex({ path }: Field, operand: Value): Value {
  if (operand instanceof BSONRegExp)
    throw badValue(`Can't have RegEx as arg to predicate over field '${path.join('.')}'.`);
  return operand;
}

/** A value that is to be equal. */
export function equality(field: Field, operand: Value): Leaf {
  return leaf(field, 'eq', operand, equalTo(operand));
}

function equalTo(operand: Value): Test {
  if (operand === null) return (value) => value === undefined || value === null;
  return (value) => value !== undefined && valuesEqual(value, operand);
}

/** Within one type, except against MinKey and MaxKey. */
function range(field: Field, operator: 'gt' | 'gte' | 'lt' | 'lte', operand: Value): Leaf {
  return leaf(field, operator, operand, ordered(operator, noRegex(field, operand)));
}

function ordered(operator: string, operand: Value): Test {
  const orEqual = operator.endsWith('e');
  const sign = operator.startsWith('g') ? 1 : -1;
  if (operand === null || isNaNValue(operand)) return orEqual ? equalTo(operand) : () => false;
  const type = typeOrder(operand);
  const acrossTypes = operand instanceof MinKey || operand instanceof MaxKey;
  return (value) => {
    if (!acrossTypes && (value === undefined || typeOrder(value) !== type || isNaNValue(value))) return false;
    const order = compareValues(value, operand) * sign;
    return order > 0 || (orEqual && order === 0);
  };
}

const isNaNValue = (value: Value): boolean => isNumeric(value) && Number.isNaN(toNumber(value));

/** Any of the values, or a match of any of the regular expressions. */
function membership(field: Field, name: string, operand: Value): Leaf {
  if (!Array.isArray(operand)) throw badValue(`${name} needs an array`);
  if (operand.some((item) => isDoc(item) && [...item.keys()][0]?.startsWith('$')))
    throw badValue(`cannot nest $ under ${name}`);
  const tests = operand.filter((item) => item instanceof BSONRegExp).map(regexTest);
  const sorted = operand.filter((item) => !(item instanceof BSONRegExp)).sort(compareValues);
  const test: Test = (value) => includes(sorted, value ?? null) || tests.some((matchesIt) => matchesIt(value));
  return leaf(field, tests.length > 0 ? 'other' : 'in', operand, test);
}

function includes(sorted: readonly Value[], value: Value): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(sorted[middle], value);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** A match of a regular expression, or the expression itself. */
export function regex(field: Field, operand: BSONRegExp): Leaf {
  return leaf(field, 'regex', operand, regexTest(operand));
}

function existence({ path }: Field, operand: Value): Predicate {
  const exists = leaf({ path, whole: true }, 'exists', true, (value) => value !== undefined);
  return truthy(operand) ? exists : not(exists);
}

const NUMBERS = [TYPES.double, TYPES.int, TYPES.long, TYPES.decimal];

/** The operand of the leaf is the list of the types' numbers. */
function ofType(field: Field, operand: Value): Leaf {
  const wanted = (Array.isArray(operand) ? operand : [operand]).flatMap(typesNamed).map(({ number }) => number);
  if (wanted.length === 0) throw failedToParse(`${field.path.join('.')} must match at least one type`);
  return leaf(field, 'type', wanted, (value) => value !== undefined && wanted.includes(typeOf(value).number));
}

function typesNamed(wanted: Value): readonly BsonType[] {
  if (wanted === 'number') return NUMBERS;
  if (typeof wanted !== 'string' && !isNumeric(wanted))
    throw typeMismatch('type must be represented as a number or a string');
  const found = Object.values(TYPES).filter(({ alias, number }) => alias === wanted || number === wholeNumber(wanted));
  if (found.length === 0) throw badValue(`Unknown type in $type: ${String(wanted)}`);
  return found;
}

function ofSize({ path }: Field, operand: Value): Leaf {
  const size = wholeNumber(operand) ?? -1;
  if (size < 0) throw failedToParse('Failed to parse $size. Expected a non-negative whole number');
  return leaf({ path, whole: true }, 'other', operand, (value) => Array.isArray(value) && value.length === size);
}

function negation(field: Field, operand: Value, parser: Parser): Predicate {
  if (operand instanceof BSONRegExp) return not(regex(field, operand));
  if (!isDoc(operand)) throw badValue('$not needs a regex or a document');
  if (operand.size === 0) throw badValue('$not cannot be empty');
  return not(parser.tests(field, operand));
}

/** One element of an array satisfies all of it: tests of the element itself, or a filter over its fields. */
function elemMatch(path: Path, operand: Value, parser: Parser): Leaf {
  const test = elementTest(operand, parser);
  return leaf(
    { path, whole: true },
    'other',
    null,
    (value, trace) => Array.isArray(value) && anyElement(value, trace, test),
  );
}

const OF_FIELDS: readonly (string | undefined)[] = ['$and', '$or', '$nor', '$expr', undefined];

/** What an array's element has to be; an array in it counts as a document of its elements by index. */
export function elementTest(operand: Value, parser: Parser, whole = true): (item: Value) => boolean {
  if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
  if (isOperators(operand) && !OF_FIELDS.includes(operand.keys().next().value)) {
    const tests = parser.tests({ path: [], whole }, operand);
    return (item) => matches(tests, item);
  }
  const filter = parser.filter(operand);
  return (item) => {
    const fields = Array.isArray(item) ? new Map(item.map((one, i) => [String(i), one])) : item;
    return isDoc(fields) && matches(filter, fields);
  };
}

/** True for `{$gt: 1}`, false for a plain document and for a DBRef. */
export function isOperators(operand: Doc): boolean {
  const first = operand.keys().next().value;
  return first !== undefined && first.startsWith('$') && !(operand.has('$ref') && operand.has('$id'));
}

/** Each of the values, or each of the `$elemMatch`es, in one array. */
function allOf(field: Field, operand: Value, parser: Parser): Predicate {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return leaf(field, 'other', operand, () => false);
  const isElemMatch = (item: Value): item is Doc => isDoc(item) && item.keys().next().value === '$elemMatch';
  const parts = operand.map((item) => {
    if (isElemMatch(item) && operand.every(isElemMatch)) return parser.tests(field, item);
    if (isDoc(item) && isOperators(item)) throw badValue('no $ expressions in $all');
    return item instanceof BSONRegExp ? regex(field, item) : equality(field, item);
  });
  return { kind: 'and', parts };
}
