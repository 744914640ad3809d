import { compareValues, valuesEqual } from '../bson/compare';
import { add } from '../bson/numbers';
import { show } from '../bson/show';
import { BSONRegExp, cloneValue, isDoc, isNumeric, TYPES, typeName, typeOf } from '../bson/values';
import type { Doc, Value } from '../bson/values';
import { badValue, typeMismatch, type CommandFailure } from '../failure';
import { elementTest, isOperators } from '../query/parse';
import type { Path } from '../query/predicate';
import { regexTest } from '../query/regex';
import type { Change, Way } from './location';

/** What an update operator does to the field it names. */
interface Modifier {
  way: Way;
  parse: (operand: Value, path: Path) => Change;
}

const modifier = (parse: Modifier['parse'], way: Way = 'make'): Modifier => ({ way, parse });

const setting = modifier((operand) => () => cloneValue(operand));

const extreme = (sign: number): Modifier =>
  modifier((operand) => (current) => {
    const replaces = current === undefined || compareValues(operand, current) * sign > 0;
    return replaces ? cloneValue(operand) : current;
  });

/** Only of concern where an upsert inserts. */
export const ON_INSERT = '$setOnInsert';

/** The update operators of the subset. */
export const UPDATE_OPERATORS: ReadonlyMap<string, Modifier> = new Map([
  ['$set', setting],
  [ON_INSERT, setting],
  ['$unset', modifier(() => () => undefined, 'try')],
  ['$inc', modifier(increment)],
  ['$min', extreme(-1)],
  ['$max', extreme(1)],
  ['$push', modifier(push)],
  ['$addToSet', modifier(addToSet)],
  ['$pull', modifier(pull, 'follow')],
]);

function increment(operand: Value, path: Path): Change {
  const field = path.join('.');
  if (!isNumeric(operand))
    throw typeMismatch(`Cannot increment with non-numeric argument: {${field}: ${show(operand)}}`);
  return (current) => {
    if (current === undefined) return operand;
    if (!isNumeric(current))
      throw typeMismatch(
        `Cannot apply $inc to a value of non-numeric type. The field '${field}' has the type ${typeName(current)}`,
      );
    const result = add(current, operand);
    if (typeOf(result) === TYPES.double && typeOf(current) !== TYPES.double && typeOf(operand) !== TYPES.double)
      throw badValue(`Failed to apply $inc operations to current value (${show(current)}): it would overflow`);
    return typeOf(result) === typeOf(current) && compareValues(result, current) === 0 ? current : result;
  };
}

/** `$push`: a value, or several with `$each`. */
function push(operand: Value, path: Path): Change {
  const items = isDoc(operand) && operand.has('$each') ? eachOf('$push', operand, badValue) : [operand];
  return (current = []) => [...arrayAt(path, current), ...items.map((item) => cloneValue(item))];
}

function eachOf(name: string, operand: Doc, failure: (message: string) => CommandFailure): Value[] {
  const odd = [...operand.keys()].find((clause) => clause !== '$each');
  if (odd) throw badValue(`Unrecognized clause in ${name}: ${odd}`);
  const items = operand.get('$each')!;
  if (!Array.isArray(items)) throw failure(`The argument to $each in ${name} must be an array`);
  return items;
}

function arrayAt(path: Path, value: Value): Value[] {
  if (!Array.isArray(value))
    throw badValue(`The field '${path.join('.')}' must be an array but is of type ${typeName(value)}`);
  return value;
}

/** `$addToSet`: a value, or several with `$each`, each that is not there yet. */
function addToSet(operand: Value, path: Path): Change {
  const each = isDoc(operand) && operand.keys().next().value === '$each';
  const items = each ? eachOf('$addToSet', operand, typeMismatch) : [operand];
  return (current = []) => {
    const result = [...arrayAt(path, current)];
    for (const item of items) if (!result.some((present) => valuesEqual(present, item))) result.push(cloneValue(item));
    return result;
  };
}

/** `$pull`: elements that equal the value, an array as a whole, or satisfy the filter. */
function pull(operand: Value, path: Path): Change {
  const test = elementPulled(operand);
  return (current) => (current === undefined ? undefined : arrayAt(path, current).filter((item) => !test(item)));
}

function elementPulled(operand: Value): (item: Value) => boolean {
  if (operand instanceof BSONRegExp) return regexTest(operand);
  if (!isDoc(operand)) return (item) => valuesEqual(item, operand);
  const test = elementTest(operand, false);
  return isOperators(operand) ? test : (item) => isDoc(item) && test(item);
}
