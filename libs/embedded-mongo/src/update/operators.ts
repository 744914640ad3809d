import { compareValues } from '../bson/compare';
import { add, isInteger, multiply } from '../bson/numbers';
import {
  cloneValue,
  Decimal128,
  Double,
  isDoc,
  isNumeric,
  Timestamp,
  typeName,
  type Numeric,
  type Value,
} from '../bson/values';
import { show } from '../bson/show';
import { badValue, failedToParse, typeMismatch } from '../failure';
import type { Path } from '../query/predicate';
import { addToSet, pop, pull, pullAll, push } from './array-operators';
import { REMOVED, UNCHANGED, type Change, type UpdateContext } from './location';

/** What an update operator does to the field it names. */
export interface Modifier {
  /** A missing way to the field is made. */
  creates: boolean;
  change: (context: UpdateContext) => Change;
}

type Parser = (operand: Value, path: Path) => Modifier;

const always =
  (parse: (operand: Value, path: Path) => Change, creates = true): Parser =>
  (operand, path) => {
    const change = parse(operand, path);
    return { creates, change: () => change };
  };

/** The update operators of the subset, but for `$rename`, which concerns two fields. */
export const UPDATE_OPERATORS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['$set', always((operand) => () => cloneValue(operand))],
  ['$unset', always(() => () => REMOVED, false)],
  [
    '$setOnInsert',
    (operand) => ({ creates: true, change: (context) => () => (context.inserting ? cloneValue(operand) : UNCHANGED) }),
  ],
  ['$inc', always((operand, path) => arithmetic('$inc', 'increment', operand, path))],
  ['$mul', always((operand, path) => arithmetic('$mul', 'multiply', operand, path))],
  [
    '$min',
    always(
      (operand) => (current) =>
        current === undefined || compareValues(operand, current) < 0 ? cloneValue(operand) : UNCHANGED,
    ),
  ],
  [
    '$max',
    always(
      (operand) => (current) =>
        current === undefined || compareValues(operand, current) > 0 ? cloneValue(operand) : UNCHANGED,
    ),
  ],
  ['$currentDate', currentDate],
  ['$push', always(push)],
  ['$addToSet', always(addToSet)],
  ['$pull', always(pull, false)],
  ['$pullAll', always(pullAll, false)],
  ['$pop', always(pop, false)],
]);

function arithmetic(name: '$inc' | '$mul', verb: string, operand: Value, path: Path): Change {
  if (!isNumeric(operand))
    throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path.join('.')}: ${show(operand)}}`);
  return (current) => {
    if (current === undefined) return name === '$inc' ? operand : zeroLike(operand);
    if (!isNumeric(current)) {
      throw typeMismatch(
        `Cannot apply ${name} to a value of non-numeric type. The field '${path.join('.')}' has the type ${typeName(current)}`,
      );
    }
    const result = (name === '$inc' ? add : multiply)(current, operand, 'refuse');
    if (result === undefined) throw badValue(`Failed to apply ${name} operations to current value (${show(current)})`);
    return result;
  };
}

function zeroLike(operand: Numeric): Value {
  if (operand instanceof Decimal128) return Decimal128.fromString('0');
  if (typeof operand === 'bigint') return 0n;
  return isInteger(operand) ? 0 : new Double(0);
}

function currentDate(operand: Value): Modifier {
  const type = isDoc(operand) ? operand.get('$type') : 'date';
  if (!isDoc(operand) && typeof operand !== 'boolean')
    throw badValue(
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  if (isDoc(operand) && operand.size !== 1)
    throw badValue(`Unrecognized $currentDate option: ${[...operand.keys()].find((key) => key !== '$type') ?? ''}`);
  if (type !== 'date' && type !== 'timestamp')
    throw badValue("The '$type' string field is required to be 'date' or 'timestamp'");
  return {
    creates: true,
    change:
      ({ now }) =>
      () =>
        type === 'date' ? now : new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }),
  };
}

/** Refuses an operator that is not in the subset. */
export const unknownModifier = (name: string): Error =>
  failedToParse(
    `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
  );
