import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Variables } from '../expression/expression';
import type { Catalog } from '../storage/catalog';

/** What a pipeline runs in. */
export interface PipelineContext {
  catalog: Catalog;
  db: string;
  variables: Variables | undefined;
}

/** One stage: documents in, documents out, as few at a time as it can. */
export type Stage = (input: Iterable<Doc>) => Iterable<Doc>;
/** A stage that looks at one document at a time. */
export type DocumentStage = (document: Doc) => Doc;
/** Parses the specification of a stage. */
export type StageParser = (argument: Value, context: PipelineContext) => Stage;

export const mapping = (stage: DocumentStage): Stage =>
  function* (input) {
    for (const document of input) yield stage(document);
  };

/** The name and the argument of a stage. */
export function nameAndArgument(stage: Value): [string, Value] {
  if (!isDoc(stage)) throw new CommandFailure(14, "Each element of the 'pipeline' array must be an object");
  if (stage.size !== 1)
    throw new CommandFailure(40323, 'A pipeline stage specification object must contain exactly one field.');
  return [...stage][0]!;
}
