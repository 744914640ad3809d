import { encodeDocument } from '../bson/encode';
import { valuesEqual } from '../bson/compare';
import { doc, isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { splitPipeline, type CollectionPipeline } from '../aggregation/pipeline';
import type { Stage } from '../aggregation/stage';
import { countMatching, openQuery } from '../plan/query';
import type { Row } from '../plan/scan';
import type { ResultStream } from '../sessions/cursors';
import type { Collection } from '../storage/collection';
import { CommandBody } from './command-body';
import { reading, type Command, type CommandContext } from './command';

const OPTIONS = ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'hint', 'bypassDocumentValidation'];

/** `aggregate`. */
export const AGGREGATE_COMMANDS: ReadonlyMap<string, Command> = new Map([['aggregate', reading(OPTIONS, aggregate)]]);

function aggregate(context: CommandContext, body: CommandBody): Doc {
  const name = body.text('aggregate');
  const stages = body.get('pipeline');
  if (!Array.isArray(stages)) throw new CommandFailure(14, "'pipeline' option must be specified as an array");
  if (body.flag('explain')) throw new CommandFailure(72, 'explain of aggregate is not supported');
  const batchSize = new CommandBody('cursor', body.document('cursor')).allow(['batchSize']).count('batchSize');
  const pipeline = splitPipeline(stages, { catalog: context.catalog, db: context.db, variables: undefined });
  const collection = context.catalog.find(context.db, name);
  const stream = (collection && shortcut(collection, stages, pipeline)) ?? open(collection, pipeline);
  return context.cursors.start(`${context.db}.${name}`, stream, { batchSize, session: context.session });
}

function open(collection: Collection | undefined, { query, rest }: CollectionPipeline): ResultStream {
  const { rows, source } = collection ? openQuery(collection, query) : { rows: [], source: undefined };
  return { results: rest ? encoded(rest(documents(rows))) : bytesOf(rows), rewind: () => source?.rewind() };
}

function* documents(rows: Iterable<Row>): Iterable<Doc> {
  for (const row of rows) yield row.document;
}

function* bytesOf(rows: Iterable<Row>): Iterator<Buffer> {
  for (const row of rows) yield row.bytes;
}

function* encoded(results: ReturnType<Stage>): Iterator<Buffer> {
  for (const result of results) yield encodeDocument(result);
}

/** What drivers send for `countDocuments`: within an index it needs no document. */
function shortcut(
  collection: Collection,
  stages: readonly Value[],
  { query }: CollectionPipeline,
): ResultStream | undefined {
  const last = stages.at(-1);
  const onlyFilters = stages.slice(0, -1).every((stage) => isDoc(stage) && stage.has('$match'));
  const grouping = isDoc(last) ? last.get('$group') : undefined;
  if (
    !onlyFilters ||
    !isDoc(grouping) ||
    grouping.size !== 2 ||
    grouping.get('_id') !== 1 ||
    !valuesEqual(grouping.get('n'), doc({ $sum: 1 }))
  )
    return undefined;
  const n = countMatching(collection, query.predicate);
  return { results: (n === 0 ? [] : [encodeDocument(doc({ _id: 1, n }))])[Symbol.iterator](), rewind: () => undefined };
}
