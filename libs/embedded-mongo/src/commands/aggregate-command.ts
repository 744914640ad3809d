import { valuesEqual } from '../bson/compare';
import { encodeDocument } from '../bson/encode';
import { doc, isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure, failedToParse } from '../failure';
import { splitPipeline, type CollectionPipeline } from '../aggregation/pipeline';
import { countMatching, openQuery } from '../plan/query';
import type { Row } from '../plan/scan';
import type { ResultStream } from '../sessions/cursors';
import type { Collection } from '../storage/collection';
import { CommandBody } from './command-body';
import { reading, type Command, type CommandContext } from './command';
import { hintedIndex } from './read-commands';

const OPTIONS = ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'hint', 'bypassDocumentValidation'];

/** `aggregate`. */
export const AGGREGATE_COMMANDS: ReadonlyMap<string, Command> = new Map([['aggregate', reading(OPTIONS, aggregate)]]);

function aggregate(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  const stages = body.get('pipeline');
  if (!Array.isArray(stages)) throw new CommandFailure(14, "'pipeline' option must be specified as an array");
  if (body.flag('explain')) throw new CommandFailure(72, 'explain of aggregate is not supported');
  if (body.get('cursor') === undefined) throw failedToParse("The 'cursor' option is required");
  const batchSize = new CommandBody('cursor', body.document('cursor')).allow(['batchSize']).count('batchSize');
  const collection = context.catalog.find(context.db, name);
  const pipeline = splitPipeline(stages, context);
  pipeline.query.hint = collection && hintedIndex(collection, body.get('hint'));
  pipeline.query.deadline = body.deadline;
  const stream = collection && isCount(stages) ? counted(collection, pipeline) : open(collection, pipeline);
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

function* encoded(results: Iterable<Doc>): Iterator<Buffer> {
  for (const result of results) yield encodeDocument(result);
}

const COUNTING = doc({ $group: { _id: 1, n: { $sum: 1 } } });

/** What drivers send for `countDocuments`: within an index it needs no document. */
const isCount = (stages: readonly Value[]): boolean =>
  valuesEqual(stages.at(-1), COUNTING) && stages.slice(0, -1).every((stage) => isDoc(stage) && stage.has('$match'));

function counted(collection: Collection, { query }: CollectionPipeline): ResultStream {
  const n = countMatching(collection, query);
  const results = n === 0 ? [] : [encodeDocument(doc({ _id: 1, n }))];
  return { results: results[Symbol.iterator](), rewind: () => undefined };
}
