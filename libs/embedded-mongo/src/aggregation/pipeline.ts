import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Query } from '../plan/query';
import { parseFilter } from '../query/parse';
import type { Predicate } from '../query/predicate';
import { DOCUMENT_STAGES } from './document-stages';
import { MemoryGuard } from './group';
import { lookup } from './lookup';
import { mapping, nameAndArgument, type PipelineContext, type Stage } from './stage';
import { positive, stageSort, STREAM_STAGES, whole } from './stages';
import { encodeDocument } from '../bson/encode';

/** Parses stages into one. */
function compilePipeline(stages: readonly Value[], context: PipelineContext): Stage {
  const steps = stages.map((stage) => compileStage(stage, context));
  return (input) => steps.reduce((documents, step) => step(documents), input);
}

function compileStage(stage: Value, context: PipelineContext): Stage {
  const [name, argument] = nameAndArgument(stage);
  const single = DOCUMENT_STAGES.get(name);
  if (single) return mapping(single.parse(argument, context.variables));
  const stream = STREAM_STAGES.get(name);
  if (stream) return stream(argument, context);
  if (name === '$lookup') return lookup(argument, context, compilePipeline);
  if (name === '$facet') return facet(argument, context);
  throw new CommandFailure(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function facet(argument: Value, context: PipelineContext): Stage {
  if (!isDoc(argument) || argument.size === 0)
    throw new CommandFailure(40169, 'the $facet specification must be a non-empty object');
  const branches = [...argument].map(([name, stages]) => {
    if (!Array.isArray(stages)) throw new CommandFailure(40170, `arguments to $facet must be arrays, ${name} is none`);
    return [name, compilePipeline(stages, context)] as const;
  });
  return function* (input) {
    const memory = new MemoryGuard('$facet');
    const documents: Doc[] = [];
    for (const document of input) {
      memory.add(encodeDocument(document).length);
      documents.push(document);
    }
    yield new Map(branches.map(([name, branch]) => [name, [...branch(documents)]]));
  };
}

/** A pipeline over a collection: what its first stages ask for is left to the planner. */
export interface CollectionPipeline {
  query: Query;
  /** Absent: the documents come out as they are stored. */
  rest: Stage | undefined;
}

/** Splits off the leading `$match`, `$sort`, `$skip` and `$limit`, in this order. */
export function splitPipeline(stages: readonly Value[], context: PipelineContext): CollectionPipeline {
  const query: Query = { predicate: { kind: 'and', parts: [] } };
  let at = 0;
  const taken = (name: string): Value | undefined => {
    if (at >= stages.length) return undefined;
    const [found, argument] = nameAndArgument(stages[at]!);
    return found === name ? (at++, argument) : undefined;
  };
  const filters: Predicate[] = [];
  for (let filter = taken('$match'); filter !== undefined; filter = taken('$match')) {
    if (!isDoc(filter)) throw new CommandFailure(15959, 'the match filter must be an expression in an object');
    filters.push(parseFilter(filter, context.variables));
  }
  query.predicate = filters.length === 1 ? filters[0]! : { kind: 'and', parts: filters };
  const sort = taken('$sort');
  if (sort !== undefined) query.sort = stageSort(sort);
  const skip = taken('$skip');
  if (skip !== undefined) query.skip = whole('$skip', skip);
  const limit = taken('$limit');
  if (limit !== undefined) query.limit = positive('$limit', limit);
  return { query, rest: at < stages.length ? compilePipeline(stages.slice(at), context) : undefined };
}
