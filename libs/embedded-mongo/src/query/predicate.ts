import type { Value } from '../bson/values';

/** The parts of a dotted field name. */
export type Path = readonly string[];

/** The comparisons that a planner may turn into bounds; `other` stands for the rest. */
export type LeafOperator = 'eq' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'exists' | 'type' | 'regex' | 'other';

/** Tests one value; `undefined` is a missing one. */
export type Test = (value: Value | undefined, trace?: Trace) => boolean;

/** One test of the values found at one path. */
export interface Leaf {
  kind: 'leaf';
  path: Path;
  operator: LeafOperator;
  operand: Value;
  test: Test;
  /** An array is tested only as a whole, not element by element as well. */
  whole: boolean;
}

/** A parsed filter. */
export type Predicate = Leaf | { kind: 'and' | 'or'; parts: Predicate[] } | { kind: 'not'; part: Predicate };

/** Where in an array the filter matched: what the positional `$` of an update stands for. */
export interface Trace {
  index?: number;
}

export const splitPath = (name: string): Path => name.split('.');

/** The top-level fields that a filter looks at, some of them more than once. */
export function fieldsIn(predicate: Predicate): string[] {
  if (predicate.kind === 'leaf') return [predicate.path[0]!];
  return (predicate.kind === 'not' ? [predicate.part] : predicate.parts).flatMap(fieldsIn);
}

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** The array index that a path part stands for, if any. */
export const asIndex = (part: string): number | undefined => (INDEX.test(part) ? Number(part) : undefined);
