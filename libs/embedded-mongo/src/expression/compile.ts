import type { Doc, Value } from '../bson/values';
import { badValue } from '../failure';

/** What an expression is evaluated over. */
export interface Scope {
  root: Doc;
  variables: ReadonlyMap<string, Value | undefined> | undefined;
}

export type Expression = (scope: Scope) => Value | undefined;

/** Parses an expression. */
export function compileExpression(_source: Value): Expression {
  throw badValue('expressions are not supported yet');
}
