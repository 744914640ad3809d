import type { Doc, Value } from '../bson/values';

/** The values that `$$name` stands for. */
export type Variables = ReadonlyMap<string, Value | undefined>;

/** What an expression is evaluated over. */
export interface Scope {
  root: Doc;
  variables: Variables | undefined;
}

/** A compiled expression: undefined is a field that is missing. */
export type Expression = (scope: Scope) => Value | undefined;
