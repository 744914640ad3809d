import type { Doc, Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { DOCUMENT_STAGES } from './document-stages';
import { nameAndArgument } from './stage';

/** An update in the form of a pipeline, of stages that make one document of one. */
export function compilePipelineUpdate(stages: readonly Value[]): (document: Doc) => Doc {
  const steps = stages.map((stage) => {
    const [name, argument] = nameAndArgument(stage);
    const known = DOCUMENT_STAGES.get(name);
    if (!known?.inUpdates)
      throw new CommandFailure(known ? 72 : 40324, `${name} is not allowed to be used within an update`);
    return known.parse(argument, undefined);
  });
  return (document) => steps.reduce((current, step) => step(current), document);
}
