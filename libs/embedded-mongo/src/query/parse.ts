import { BSONRegExp, isDoc, truthy, type Doc, type Value } from '../bson/values';
import { badValue } from '../failure';
import { anyElement, matches } from './match';
import { splitPath, type Leaf, type Predicate } from './predicate';
import { regexFrom } from './regex';
import { equality, leaf, membership, noRegex, ofType, range, regex, type Field } from './tests';

/** Parses a filter; what is not in the subset is refused with the operator's name. */
export function parseFilter(filter: Doc): Predicate {
  return allOf([...filter].filter(([name]) => name !== '$comment').map(([name, operand]) => part(name, operand)));
}

const allOf = (parts: Predicate[]): Predicate => (parts.length === 1 ? parts[0]! : { kind: 'and', parts });
const not = (part: Predicate): Predicate => ({ kind: 'not', part });

function part(name: string, operand: Value): Predicate {
  if (!name.startsWith('$')) return test({ path: splitPath(name), whole: false }, operand);
  if (name === '$and') return { kind: 'and', parts: filters(name, operand) };
  if (name === '$or') return { kind: 'or', parts: filters(name, operand) };
  if (name === '$nor') return not({ kind: 'or', parts: filters(name, operand) });
  throw badValue(`unknown top level operator: ${name}`);
}

function filters(name: string, operand: Value): Predicate[] {
  if (!Array.isArray(operand) || operand.length === 0) throw badValue(`${name} must be a nonempty array`);
  return operand.map((item) => {
    if (!isDoc(item)) throw badValue(`${name} argument's entries must be objects`);
    return parseFilter(item);
  });
}

function test(field: Field, operand: Value): Predicate {
  if (operand instanceof BSONRegExp) return regex(field, operand);
  return isDoc(operand) && isOperators(operand) ? tests(field, operand) : equality(field, operand);
}

/** True for `{$gt: 1}`, false for a plain document and for a DBRef. */
export function isOperators(operand: Doc): boolean {
  const first = operand.keys().next().value;
  return first !== undefined && first.startsWith('$') && !(operand.has('$ref') && operand.has('$id'));
}

function tests(field: Field, operators: Doc): Predicate {
  if (operators.has('$options') && !operators.has('$regex')) throw badValue('$options needs a $regex');
  const parts = [...operators].filter(([name]) => name !== '$options');
  return allOf(
    parts.map(([name, operand]) => {
      const parse = OPERATORS.get(name);
      if (!parse) throw badValue(`unknown operator: ${name}`);
      return parse(field, operand, operators);
    }),
  );
}

type FieldParser = (field: Field, operand: Value, siblings: Doc) => Predicate;

/** The operators on one field, by name. */
const OPERATORS: ReadonlyMap<string, FieldParser> = new Map<string, FieldParser>([
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
  ['$regex', (field, operand, siblings) => regex(field, regexFrom(operand, siblings.get('$options')))],
  ['$not', negation],
  ['$elemMatch', elemMatch],
]);

function existence({ path }: Field, operand: Value): Predicate {
  const exists = leaf({ path, whole: true }, 'exists', true, (value) => value !== undefined);
  return truthy(operand) ? exists : not(exists);
}

function negation(field: Field, operand: Value): Predicate {
  if (operand instanceof BSONRegExp) return not(regex(field, operand));
  if (!isDoc(operand) || operand.size === 0) throw badValue('$not needs a regex or a document that is not empty');
  return not(tests(field, operand));
}

/** One element of an array satisfies all of it: tests of the element itself, or a filter over its fields. */
function elemMatch({ path }: Field, operand: Value): Leaf {
  if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
  const ofElement = elementTest(operand, true);
  return leaf(
    { path, whole: true },
    'other',
    null,
    (value, trace) => Array.isArray(value) && anyElement(value, trace, ofElement),
  );
}

const OF_FIELDS: readonly (string | undefined)[] = ['$and', '$or', '$nor', undefined];

/**
 * What `$elemMatch` or `$pull` ask of an array's element; with `whole`, an array in it is not taken apart. For a filter
 * over fields an array in it counts as a document of its elements by index.
 */
export function elementTest(operand: Doc, whole: boolean): (item: Value) => boolean {
  if (isOperators(operand) && !OF_FIELDS.includes(operand.keys().next().value)) {
    const ofItself = tests({ path: [], whole }, operand);
    return (item) => matches(ofItself, item);
  }
  const filter = parseFilter(operand);
  return (item) => {
    const fields = Array.isArray(item) ? new Map(item.map((one, i) => [String(i), one])) : item;
    return isDoc(fields) && matches(filter, fields);
  };
}
