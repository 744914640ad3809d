import type { Doc } from '../bson/values';

/** One stage: documents in, documents out, as few at a time as it can. */
export type Stage = (input: IteratorObject<Doc>) => IteratorObject<Doc>;
