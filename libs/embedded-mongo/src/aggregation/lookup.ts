import { cloneValue, doc, isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure, failedToParse } from '../failure';
import { compileExpression, follow } from '../expression/compile';
import type { Variables } from '../expression/expression';
import { openQuery } from '../plan/query';
import { parseFilter } from '../query/parse';
import { splitPath } from '../query/predicate';
import { changeAt } from '../update/location';
import { mapping, type PipelineContext, type Stage } from './stage';

const OPTIONS = ['from', 'localField', 'foreignField', 'as', 'let', 'pipeline'];

interface Lookup {
  from: string;
  as: string;
  local: string | undefined;
  foreign: string | undefined;
  variables: readonly (readonly [string, Value])[];
  pipeline: Value[] | undefined;
}

/** `$lookup` by equal fields, by a pipeline, or by both. */
export function lookup(
  argument: Value,
  context: PipelineContext,
  compile: (stages: readonly Value[], context: PipelineContext) => Stage,
): Stage {
  const spec = parseLookup(argument);
  const variables = spec.variables.map(([name, source]) => [name, compileExpression(source)] as const);
  const fixed =
    spec.pipeline &&
    compile(spec.pipeline, {
      ...context,
      variables: spec.variables.length > 0 ? new Map(spec.variables.map(([name]) => [name, null])) : context.variables,
    });
  return mapping((document) => {
    const scope = { root: document, variables: context.variables };
    const inner: Variables = new Map([
      ...(context.variables ?? []),
      ...variables.map(([name, value]) => [name, value(scope)] as const),
    ]);
    const stage =
      spec.pipeline && variables.length > 0 ? compile(spec.pipeline, { ...context, variables: inner }) : fixed;
    const joined = foreignDocuments(spec, document, context);
    const result = cloneValue(document);
    changeAt(result, splitPath(spec.as), true, () => [...(stage ? stage(joined) : joined)]);
    return result;
  });
}

function parseLookup(argument: Value): Lookup {
  if (!isDoc(argument)) throw failedToParse('the $lookup specification must be an Object');
  for (const name of argument.keys())
    if (!OPTIONS.includes(name)) throw failedToParse(`unknown argument to $lookup: ${name}`);
  const text = (name: string): string | undefined => {
    const value = argument.get(name);
    if (value !== undefined && typeof value !== 'string')
      throw failedToParse(`$lookup argument '${name}' must be a string`);
    return value;
  };
  const [from, as, local, foreign, pipeline, variables] = [
    text('from'),
    text('as'),
    text('localField'),
    text('foreignField'),
    argument.get('pipeline'),
    argument.get('let') ?? new Map(),
  ];
  if (from === undefined || as === undefined) throw failedToParse("$lookup needs 'from' and 'as'");
  if ((local === undefined) !== (foreign === undefined))
    throw failedToParse('$lookup requires both or neither of localField and foreignField to be specified');
  if (local === undefined && pipeline === undefined)
    throw failedToParse('$lookup requires either localField and foreignField, or pipeline');
  if ((pipeline !== undefined && !Array.isArray(pipeline)) || !isDoc(variables))
    throw new CommandFailure(14, "$lookup needs an array as 'pipeline' and an object as 'let'");
  return { from, as, local, foreign, pipeline, variables: [...variables] };
}

function* foreignDocuments(spec: Lookup, document: Doc, context: PipelineContext): Iterable<Doc> {
  const collection = context.catalog.find(context.db, spec.from);
  if (!collection) return;
  const predicate = parseFilter(
    spec.local === undefined ? doc({}) : equalTo(spec.foreign!, follow(document, splitPath(spec.local!))),
  );
  for (const row of openQuery(collection, { predicate }).rows) yield row.document;
}

/** An array on this side matches by each of its elements. */
function equalTo(foreign: string, value: Value | undefined): Doc {
  const values = Array.isArray(value) ? value : [value ?? null];
  return new Map([[foreign, new Map<string, Value>(values.length === 1 ? [['$eq', values[0]!]] : [['$in', values]])]]);
}
