import { compareValues } from '../bson/compare';
import { add, multiply } from '../bson/numbers';
import { show } from '../bson/show';
import { cloneValue, isDoc, isNumeric, Timestamp, typeName, typeOf, type Value } from '../bson/values';
import { badValue, typeMismatch } from '../failure';
import type { Path } from '../query/predicate';
import { addToSet, pop, pull, pullAll, push } from './array-operators';
import { REMOVED, UNCHANGED, type Change, type UpdateContext, type Way } from './location';

/** What an update operator does to the field it names. */
export interface Modifier {
  way: Way;
  /** Parses the operand; the change itself may depend on what the update knows. */
  parse: (operand: Value, path: Path) => (context: UpdateContext) => Change;
}

const modifier = (parse: (operand: Value, path: Path) => Change, way: Way = 'make'): Modifier => ({
  way,
  parse: (operand, path) => {
    const change = parse(operand, path);
    return () => change;
  },
});

const extreme = (sign: number) =>
  modifier((operand) => (current) => {
    const replaces = current === undefined || compareValues(operand, current) * sign > 0;
    return replaces ? cloneValue(operand) : UNCHANGED;
  });

/** Only of concern where an upsert inserts. */
export const ON_INSERT = '$setOnInsert';

/** The update operators of the subset. */
export const UPDATE_OPERATORS: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ['$set', modifier((operand) => () => cloneValue(operand))],
  ['$unset', modifier(() => () => REMOVED, 'try')],
  [ON_INSERT, modifier((operand) => () => cloneValue(operand))],
  ['$inc', modifier((operand, path) => arithmetic('$inc', operand, path))],
  ['$mul', modifier((operand, path) => arithmetic('$mul', operand, path))],
  ['$min', extreme(-1)],
  ['$max', extreme(1)],
  ['$currentDate', { way: 'make', parse: currentDate }],
  ['$push', modifier(push)],
  ['$addToSet', modifier(addToSet)],
  ['$pull', modifier(pull, 'follow')],
  ['$pullAll', modifier(pullAll, 'follow')],
  ['$pop', modifier(pop, 'follow')],
]);

function arithmetic(name: '$inc' | '$mul', operand: Value, path: Path): Change {
  const field = path.join('.');
  if (!isNumeric(operand)) throw typeMismatch(`Cannot ${name} with non-numeric argument: {${field}: ${show(operand)}}`);
  const combine = name === '$inc' ? add : multiply;
  return (current) => {
    if (current === undefined) return name === '$inc' ? operand : multiply(0, operand)!;
    if (!isNumeric(current))
      throw typeMismatch(
        `Cannot apply ${name} to a value of non-numeric type. The field '${field}' has the type ${typeName(current)}`,
      );
    const result = combine(current, operand, 'update');
    if (result === undefined) throw badValue(`Failed to apply ${name} operations to current value (${show(current)})`);
    return typeOf(result) === typeOf(current) && compareValues(result, current) === 0 ? UNCHANGED : result;
  };
}

function currentDate(operand: Value): (context: UpdateContext) => Change {
  const type = isDoc(operand) && operand.size === 1 ? operand.get('$type') : typeof operand === 'boolean' && 'date';
  if (type !== 'date' && type !== 'timestamp')
    throw badValue("$currentDate takes a boolean or a $type expression ({$type: 'timestamp' or 'date'})");
  return ({ now }) =>
    () =>
      type === 'date' ? now : new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
}
