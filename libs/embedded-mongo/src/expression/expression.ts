import type { Doc, Value } from '../bson/values';

/** A compiled expression over a document: undefined is a field that is missing. */
export type Expression = (root: Doc) => Value | undefined;
