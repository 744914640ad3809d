import { compareValues, valuesEqual } from '../bson/compare';
import { isDoc, truthy, typeName, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { ARITHMETIC } from './arithmetic';
import { DATES } from './dates';
import { absent, ANY, type Operator } from './operator';
import { STRINGS } from './strings';

const comparing = (holds: (order: number) => boolean): Operator => ({
  arity: [2, 2],
  run: ([a, b]) => holds(compareMissing(a, b)),
});

/** In expressions a missing value ranks below null. */
function compareMissing(a: Value | undefined, b: Value | undefined): number {
  return compareValues(a, b) || Number(a !== undefined) - Number(b !== undefined);
}

function needArray(operator: string, value: Value | undefined): Value[] {
  if (!Array.isArray(value)) throw new CommandFailure(28664, `${operator} needs an array, found ${typeName(value)}`);
  return value;
}

const COMPARISONS: readonly [string, Operator][] = [
  ['$eq', comparing((order) => order === 0)],
  ['$ne', comparing((order) => order !== 0)],
  ['$gt', comparing((order) => order > 0)],
  ['$gte', comparing((order) => order >= 0)],
  ['$lt', comparing((order) => order < 0)],
  ['$lte', comparing((order) => order <= 0)],
  ['$cmp', { arity: [2, 2], run: ([a, b]) => Math.sign(compareMissing(a, b)) }],
  ['$not', { arity: [1, 1], run: ([value]) => !truthy(value) }],
  ['$type', { arity: [1, 1], run: ([value]) => typeName(value) }],
];

const ARRAYS: readonly [string, Operator][] = [
  ['$size', { arity: [1, 1], run: ([value]) => sizeOf(value) }],
  ['$isArray', { arity: [1, 1], run: ([value]) => Array.isArray(value) }],
  ['$in', { arity: [2, 2], run: ([value, array]) => needArray('$in', array).some((item) => valuesEqual(item, value)) }],
  [
    '$arrayElemAt',
    {
      arity: [2, 2],
      run: ([array, index]) =>
        absent(array) || absent(index) ? null : elementAt(needArray('$arrayElemAt', array), index),
    },
  ],
  ['$first', { arity: [1, 1], run: ([array]) => (absent(array) ? null : needArray('$first', array)[0]) }],
  ['$last', { arity: [1, 1], run: ([array]) => (absent(array) ? null : needArray('$last', array).at(-1)) }],
  ['$slice', { arity: [2, 3], run: slice }],
  [
    '$concatArrays',
    {
      arity: [0, ANY],
      run: (values) => (values.some(absent) ? null : values.flatMap((value) => needArray('$concatArrays', value))),
    },
  ],
  [
    '$reverseArray',
    { arity: [1, 1], run: ([array]) => (absent(array) ? null : [...needArray('$reverseArray', array)].reverse()) },
  ],
  [
    '$setUnion',
    {
      arity: [0, ANY],
      run: (values) =>
        values.some(absent) ? null : distinct(values.flatMap((value) => needArray('$setUnion', value))),
    },
  ],
  ['$setIntersection', { arity: [1, ANY], run: intersection }],
  [
    '$setDifference',
    {
      arity: [2, 2],
      run: ([a, b]) =>
        absent(a) || absent(b)
          ? null
          : distinct(needArray('$setDifference', a)).filter(
              (item) => !needArray('$setDifference', b).some((other) => valuesEqual(item, other)),
            ),
    },
  ],
];

const DOCUMENTS: readonly [string, Operator][] = [
  ['$mergeObjects', { arity: [0, ANY], run: mergeObjects }],
  [
    '$objectToArray',
    {
      arity: [1, 1],
      run: ([value]) =>
        isDoc(value)
          ? [...value].map(
              ([k, v]): Doc =>
                new Map<string, Value>([
                  ['k', k],
                  ['v', v],
                ]),
            )
          : null,
    },
  ],
];

/** Each operator of the subset by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...COMPARISONS,
  ...ARRAYS,
  ...DOCUMENTS,
  ...ARITHMETIC,
  ...STRINGS,
  ...DATES,
]);

function sizeOf(value: Value | undefined): number {
  if (!Array.isArray(value))
    throw new CommandFailure(17124, `The argument to $size must be an array, but was of type: ${typeName(value)}`);
  return value.length;
}

function elementAt(array: Value[], index: Value): Value | undefined {
  const whole = wholeNumber(index);
  if (whole === undefined) throw new CommandFailure(28690, "$arrayElemAt's second argument must be a numeric value");
  return array.at(whole);
}

function slice([array, first, second]: readonly (Value | undefined)[]): Value {
  if (absent(array) || absent(first)) return null;
  const [items, position, count] = [needArray('$slice', array), wholeNumber(first), wholeNumber(second)];
  if (position === undefined || (second !== undefined && (count === undefined || count <= 0)))
    throw new CommandFailure(28727, '$slice needs whole numbers, the third positive');
  if (count === undefined) return position < 0 ? items.slice(position) : items.slice(0, position);
  const start = position < 0 ? Math.max(0, items.length + position) : position;
  return items.slice(start, start + count);
}

function distinct(items: Value[]): Value[] {
  return items.sort(compareValues).filter((item, i) => i === 0 || !valuesEqual(item, items[i - 1]));
}

function intersection(values: readonly (Value | undefined)[]): Value {
  if (values.some(absent)) return null;
  const [first, ...others] = values.map((value) => needArray('$setIntersection', value));
  return distinct([...first!]).filter((item) => others.every((other) => other.some((one) => valuesEqual(one, item))));
}

function mergeObjects(values: readonly (Value | undefined)[]): Doc {
  const result: Doc = new Map();
  for (const value of values) {
    if (absent(value)) continue;
    if (!isDoc(value))
      throw new CommandFailure(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
    for (const [name, item] of value) result.set(name, item);
  }
  return result;
}
