import { valuesEqual } from '../bson/compare';
import { cloneValue, isDoc, ObjectId, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, failedToParse, typeMismatch } from '../failure';
import { compilePipelineUpdate } from '../aggregation/update-pipeline';
import { parseFilter } from '../query/parse';
import { asIndex, splitPath, type Path, type Predicate } from '../query/predicate';
import { changeAt, REMOVED, resolvePath, valueAt, type UpdateContext } from './location';
import { unknownModifier, UPDATE_OPERATORS, type Modifier } from './operators';

/** A parsed update: makes a new document of one that it may change. */
export interface Update {
  /** Puts a whole document in place of the old one. */
  replaces: boolean;
  /** It needs to know which array element the filter matched. */
  positional: boolean;
  /** The names of array filters that it refers to. */
  filters: ReadonlySet<string>;
  apply: (document: Doc, context: UpdateContext) => Doc;
}

/** Parses an update: operators, a replacement document or a pipeline. */
export function parseUpdate(update: Value | undefined): Update {
  if (Array.isArray(update)) {
    const run = compilePipelineUpdate(update);
    return {
      replaces: false,
      positional: false,
      filters: new Set(),
      apply: (document) => keepId(document.get('_id'), run(document)),
    };
  }
  if (!isDoc(update)) throw failedToParse('Update argument must be either an object or an array');
  const first = update.keys().next().value;
  return first?.startsWith('$')
    ? modifiers(update)
    : { replaces: true, positional: false, filters: new Set(), apply: replacement(update) };
}

function replacement(update: Doc): Update['apply'] {
  for (const name of update.keys()) {
    if (name.startsWith('$'))
      throw new CommandFailure(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  }
  return (document) => keepId(document.get('_id'), cloneValue(update));
}

/** `_id` cannot change; a document that comes without one keeps it, in front. */
function keepId(id: Value | undefined, document: Doc): Doc {
  const given = document.get('_id');
  if (id === undefined) return document;
  if (given !== undefined && !valuesEqual(given, id)) throw immutableId();
  const result: Doc = new Map([['_id', given ?? id]]);
  for (const [name, value] of document) result.set(name, value);
  return result;
}

const immutableId = (): CommandFailure =>
  new CommandFailure(66, "Performing an update on the path '_id' would modify the immutable field '_id'");

interface Step {
  path: Path;
  run: (document: Doc, context: UpdateContext) => void;
}

function modifiers(update: Doc): Update {
  const steps = [...update].flatMap(([name, fields]) => stepsOf(name, fields));
  checkConflicts(steps.map((step) => step.path));
  steps.sort((a, b) => comparePaths(a.path, b.path));
  const apply: Update['apply'] = (document, context) => {
    const id = document.get('_id');
    for (const step of steps) step.run(document, context);
    if (id !== undefined && !valuesEqual(document.get('_id') ?? null, id)) throw immutableId();
    return document;
  };
  const parts = steps.flatMap((step) => step.path);
  const filters = new Set(
    parts.filter((part) => part.startsWith('$[') && part !== '$[]').map((part) => part.slice(2, -1)),
  );
  return { replaces: false, positional: parts.includes('$'), filters, apply };
}

function stepsOf(name: string, fields: Value): Step[] {
  const parse = UPDATE_OPERATORS.get(name);
  if (!parse && name !== '$rename') throw unknownModifier(name);
  if (!isDoc(fields))
    throw failedToParse(
      `Modifiers operate on fields but we found another type instead. For example: {$mod: {<field>: ...}} not {${name}: ...}`,
    );
  return [...fields].flatMap(([field, operand]) => {
    const path = checkedPath(field);
    return parse ? [modifierStep(path, parse(operand, path))] : renameSteps(path, operand);
  });
}

function modifierStep(path: Path, { creates, change }: Modifier): Step {
  return {
    path,
    run: (document, context) => {
      const changed = change(context);
      for (const place of resolvePath(document, path, context)) changeAt(document, place, creates, changed);
    },
  };
}

function renameSteps(from: Path, operand: Value): Step[] {
  if (typeof operand !== 'string') throw badValue(`The 'to' field for $rename must be a string: ${from.join('.')}`);
  const to = checkedPath(operand);
  if (isPrefix(from, to) || isPrefix(to, from))
    throw badValue(
      `The source and target field for $rename must differ and must not be on the same path: ${from.join('.')}: "${operand}"`,
    );
  if ([...from, ...to].some((part) => part.startsWith('$')))
    throw badValue('The source and destination fields for $rename may not be dynamic');
  const run = (document: Doc): void => {
    const value = valueAt(document, from);
    if (value === undefined) return;
    changeAt(document, from, false, () => REMOVED);
    changeAt(document, to, true, () => value);
  };
  return [
    { path: from, run },
    { path: to, run: () => undefined },
  ];
}

const isPrefix = (path: Path, other: Path): boolean => path.every((part, i) => part === other[i]);

function checkedPath(field: string): Path {
  const path = splitPath(field);
  if (path.includes(''))
    throw new CommandFailure(56, `The update path '${field}' contains an empty field name, which is not allowed.`);
  if (path[0]!.startsWith('$'))
    throw new CommandFailure(
      field.startsWith('$[') || field === '$' ? 2 : 52,
      `The dollar ($) prefixed field '${path[0]}' in '${field}' is not valid for storage.`,
    );
  const odd = path.find((part) => part.startsWith('$') && !/^\$(?:|\[\]|\[[a-z][A-Za-z0-9]*\])$/.test(part));
  if (odd)
    throw new CommandFailure(52, `The dollar ($) prefixed field '${odd}' in '${field}' is not valid for storage.`);
  return path;
}

function checkConflicts(paths: readonly Path[]): void {
  const sorted = paths.map((path) => path.join('.')).sort();
  const seen = new Set<string>();
  for (const path of sorted) {
    const parts = path.split('.');
    for (let length = 1; length <= parts.length; length++) {
      const prefix = parts.slice(0, length).join('.');
      if (seen.has(prefix))
        throw new CommandFailure(40, `Updating the path '${path}' would create a conflict at '${prefix}'`);
    }
    seen.add(path);
  }
}

/** New fields are added in this order: by name, indexes by number. */
function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) continue;
    const [left, right] = [asIndex(a[i]!), asIndex(b[i]!)];
    return left !== undefined && right !== undefined ? left - right : a[i]! < b[i]! ? -1 : 1;
  }
  return a.length - b.length;
}

/** Parses `arrayFilters`: each a filter over one name, which `$[name]` then stands for. */
export function parseArrayFilters(
  filters: Value | undefined,
  used: ReadonlySet<string>,
): ReadonlyMap<string, Predicate> {
  const result = new Map<string, Predicate>();
  if (filters === undefined) return result;
  if (!Array.isArray(filters)) throw typeMismatch('arrayFilters must be an array');
  for (const filter of filters) {
    if (!isDoc(filter)) throw typeMismatch('arrayFilters must hold documents');
    const names = new Set(
      [...filter.keys()].filter((name) => !name.startsWith('$')).map((name) => name.split('.')[0]!),
    );
    const [name] = names;
    if (names.size !== 1 || filter.size !== [...filter.keys()].filter((key) => !key.startsWith('$')).length) {
      throw failedToParse('An array filter has to name exactly one identifier, in fields of its own');
    }
    if (!used.has(name!)) throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
    if (result.has(name!))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    result.set(name!, withoutIdentifier(parseFilter(filter)));
  }
  return result;
}

/** `x.a: 1` tests the field `a` of the element that `$[x]` stands for. */
function withoutIdentifier(predicate: Predicate): Predicate {
  if (predicate.kind === 'leaf')
    return { ...predicate, path: predicate.path.slice(1), whole: predicate.whole || predicate.path.length === 1 };
  if (predicate.kind === 'not') return { kind: 'not', part: withoutIdentifier(predicate.part) };
  return predicate.kind === 'expression'
    ? predicate
    : { kind: predicate.kind, parts: predicate.parts.map(withoutIdentifier) };
}

/** The document that an upsert inserts: what the filter fixes by equality, then the update. */
export function upsertDocument(filter: Predicate, update: Update, context: UpdateContext): Doc {
  const seed: Doc = new Map();
  const fixed = equalities(filter).filter(([path]) => !update.replaces || path[0] === '_id');
  for (const [i, [path, value]] of fixed.entries()) {
    const clash = fixed.slice(0, i).find(([other]) => isPrefix(other, path) || isPrefix(path, other));
    if (clash)
      throw new CommandFailure(54, `cannot infer query fields to set, path '${path.join('.')}' is matched twice`);
    changeAt(seed, path, true, () => cloneValue(value));
  }
  const result = update.apply(seed, { ...context, inserting: true });
  if (result.has('_id')) return keepId(result.get('_id'), result);
  return new Map<string, Value>([['_id', new ObjectId()], ...result]);
}

function equalities(filter: Predicate): [Path, Value][] {
  if (filter.kind === 'and') return filter.parts.flatMap(equalities);
  if (filter.kind === 'or' && filter.parts.length === 1) return equalities(filter.parts[0]!);
  if (filter.kind !== 'leaf') return [];
  if (filter.operator === 'eq') return [[filter.path, filter.operand]];
  const only = filter.operator === 'in' ? (filter.operand as Value[]) : [];
  return only.length === 1 ? [[filter.path, only[0]!]] : [];
}
