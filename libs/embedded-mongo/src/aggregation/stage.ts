import type { Doc } from '../bson/values';
import type { Catalog } from '../storage/catalog';

/** Where `$lookup` finds the other collection. */
export interface PipelineContext {
  catalog: Catalog;
  db: string;
}

/** One stage: documents in, documents out, as few at a time as it can. */
export type Stage = (input: Iterable<Doc>) => Iterable<Doc>;
