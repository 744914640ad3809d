import type { Doc, Value } from '../bson/values';
import { badValue } from '../failure';

/** Placeholder until the stages are there. */
export function compilePipelineUpdate(_stages: Value[]): (document: Doc) => Doc {
  throw badValue('pipeline updates are not supported');
}
