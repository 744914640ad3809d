import type { Value } from '../bson/values';

/** An expression that evaluates all its arguments. */
export interface Operator {
  /** The least and the greatest number of arguments. */
  arity: readonly [number, number];
  run: (values: readonly (Value | undefined)[]) => Value | undefined;
}

/** Any number of arguments. */
export const ANY = Number.POSITIVE_INFINITY;

/** True for null and for missing, which most operators answer with null. */
export const absent = (value: Value | undefined): value is null | undefined => value === undefined || value === null;
