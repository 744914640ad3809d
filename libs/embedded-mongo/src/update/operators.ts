import { compareValues, valuesEqual } from '../bson/compare';
import { add, multiply } from '../bson/numbers';
import { show } from '../bson/show';
import { BSONRegExp, cloneValue, isDoc, isNumeric, TYPES, typeName, typeOf, wholeNumber } from '../bson/values';
import type { Doc, Value } from '../bson/values';
import { badValue, failedToParse, typeMismatch, type CommandFailure } from '../failure';
import { elementTest, isOperators } from '../query/parse';
import type { Path } from '../query/predicate';
import { regexTest } from '../query/regex';
import { notAnArray, REMOVED, UNCHANGED, type Change, type Way } from './location';

/** What an update operator does to the field it names. */
interface Modifier {
  way: Way;
  parse: (operand: Value, path: Path) => Change;
}

const modifier = (parse: Modifier['parse'], way: Way = 'make'): Modifier => ({ way, parse });

const extreme = (sign: number): Modifier =>
  modifier((operand) => (current) => {
    const replaces = current === undefined || compareValues(operand, current) * sign > 0;
    return replaces ? cloneValue(operand) : UNCHANGED;
  });

/** Only of concern where an upsert inserts. */
export const ON_INSERT = '$setOnInsert';

/** The update operators of the subset. */
export const UPDATE_OPERATORS: ReadonlyMap<string, Modifier> = new Map([
  ['$set', modifier((operand) => () => cloneValue(operand))],
  ['$unset', modifier(() => () => REMOVED, 'try')],
  [ON_INSERT, modifier((operand) => () => cloneValue(operand))],
  ['$inc', modifier((operand, path) => arithmetic('$inc', operand, path))],
  ['$mul', modifier((operand, path) => arithmetic('$mul', operand, path))],
  ['$min', extreme(-1)],
  ['$max', extreme(1)],
  ['$push', modifier(push)],
  ['$addToSet', modifier(addToSet)],
  ['$pull', modifier(pull, 'follow')],
  ['$pop', modifier(pop, 'follow')],
]);

function arithmetic(name: '$inc' | '$mul', operand: Value, path: Path): Change {
  const field = path.join('.');
  if (!isNumeric(operand)) throw typeMismatch(`Cannot ${name} with non-numeric argument: {${field}: ${show(operand)}}`);
  const combine = name === '$inc' ? add : multiply;
  return (current) => {
    if (current === undefined) return name === '$inc' ? operand : multiply(0, operand);
    if (!isNumeric(current))
      throw typeMismatch(
        `Cannot apply ${name} to a value of non-numeric type. The field '${field}' has the type ${typeName(current)}`,
      );
    const result = combine(current, operand);
    if (typeOf(result) === TYPES.double && typeOf(current) !== TYPES.double && typeOf(operand) !== TYPES.double)
      throw badValue(`Failed to apply ${name} operations to current value (${show(current)}): it would overflow`);
    return typeOf(result) === typeOf(current) && compareValues(result, current) === 0 ? UNCHANGED : result;
  };
}

/** `$push`: a value, or several with `$each`, `$position` and `$slice`. */
function push(operand: Value, path: Path): Change {
  const { items, position, slice } = pushModifiers(operand);
  return (current = []) => {
    if (!Array.isArray(current)) throw notAnArray(path, current);
    const result = [...current];
    result.splice(position ?? result.length, 0, ...items.map((item) => cloneValue(item)));
    return slice === undefined ? result : slice < 0 ? result.slice(slice) : result.slice(0, slice);
  };
}

function pushModifiers(operand: Value): { items: Value[]; position?: number; slice?: number } {
  if (!isDoc(operand) || !operand.has('$each')) return { items: [operand] };
  const odd = [...operand.keys()].find((name) => !['$each', '$position', '$slice'].includes(name));
  if (odd) throw badValue(`Unrecognized clause in $push: ${odd}`);
  const [position, slice] = ['$position', '$slice'].map((name) => {
    const value = wholeNumber(operand.get(name));
    if (value === undefined && operand.has(name)) throw badValue(`The value for ${name} must be an integer value`);
    return value;
  });
  return { items: eachOf(operand, badValue), position, slice };
}

function eachOf(operand: Doc, failure: (message: string) => CommandFailure): Value[] {
  const items = operand.get('$each')!;
  if (!Array.isArray(items)) throw failure('The argument to $each must be an array');
  return items;
}

/** `$addToSet`: a value, or several with `$each`, each that is not there yet. */
function addToSet(operand: Value, path: Path): Change {
  const each = isDoc(operand) && operand.keys().next().value === '$each';
  if (each && operand.size > 1) throw badValue('Found unexpected fields after $each in $addToSet');
  const items = each ? eachOf(operand, typeMismatch) : [operand];
  return (current = []) => {
    if (!Array.isArray(current)) throw notAnArray(path, current);
    const result = [...current];
    for (const item of items) if (!result.some((present) => valuesEqual(present, item))) result.push(cloneValue(item));
    return result;
  };
}

/** `$pull`: elements that equal the value, an array as a whole, or satisfy the filter. */
function pull(operand: Value, path: Path): Change {
  const test = elementPulled(operand);
  return keeping(path, badValue, (item) => !test(item));
}

function elementPulled(operand: Value): (item: Value) => boolean {
  if (operand instanceof BSONRegExp) return regexTest(operand);
  if (!isDoc(operand)) return (item) => valuesEqual(item, operand);
  const test = elementTest(operand, false);
  return isOperators(operand) ? test : (item) => isDoc(item) && test(item);
}

/** `$pop`: the first element (-1) or the last (1). */
function pop(operand: Value, path: Path): Change {
  const end = wholeNumber(operand);
  if (end !== 1 && end !== -1) throw failedToParse('$pop expects 1 or -1');
  return keeping(path, typeMismatch, (_, i, all) => i !== (end === 1 ? all.length - 1 : 0));
}

function keeping(
  path: Path,
  failure: (message: string) => CommandFailure,
  keep: (item: Value, index: number, all: Value[]) => boolean,
): Change {
  return (current) => {
    if (current === undefined) return UNCHANGED;
    if (!Array.isArray(current)) throw failure(`Path '${path.join('.')}' contains an element of non-array type`);
    return current.filter(keep);
  };
}
