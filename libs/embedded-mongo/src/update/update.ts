import { valuesEqual } from '../bson/compare';
import { cloneValue, isDoc, ObjectId, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, failedToParse, typeMismatch } from '../failure';
import { parseFilter } from '../query/parse';
import { asIndex, fieldsIn, splitPath, type Path, type Predicate } from '../query/predicate';
import { changeAt, resolvePath, type Change, type Way } from './location';
import { ON_INSERT, UPDATE_OPERATORS } from './operators';

/** A parsed update: makes a new document of one that it may change. */
export interface Update {
  /** Puts a whole document in place of the old one. */
  replaces: boolean;
  /** It needs to know which array element the filter matched. */
  positional: boolean;
  apply: (document: Doc, context: UpdateContext) => Doc;
}

/** What an update knows besides the document. */
interface UpdateContext {
  /** The index that the positional `$` stands for. */
  position?: number;
  inserting: boolean;
}

/** Parses an update, operators or a replacement document, and the array filters that belong to it. */
export function parseUpdate(update: Value, arrayFilters: Value | undefined): Update {
  if (Array.isArray(update)) throw failedToParse('an update in the form of a pipeline is not supported');
  if (!isDoc(update)) throw failedToParse('Update argument must be an object');
  return update.keys().next().value?.startsWith('$')
    ? modifiers(update, arrayFilters)
    : replacement(update, arrayFilters);
}

function replacement(update: Doc, arrayFilters: Value | undefined): Update {
  parseArrayFilters(arrayFilters, []);
  const odd = [...update.keys()].find((name) => name.startsWith('$'));
  if (odd) throw dollarPrefixed(odd, odd);
  const apply = (document: Doc): Doc => keepId(document.get('_id'), cloneValue(update));
  return { replaces: true, positional: false, apply };
}

const dollarPrefixed = (part: string, field: string): CommandFailure =>
  new CommandFailure(52, `The dollar ($) prefixed field '${part}' in '${field}' is not valid for storage.`);

/** `_id` cannot change; a document that comes without one keeps it, in front. */
function keepId(id: Value | undefined, document: Doc): Doc {
  if (id === undefined) return document;
  const given = document.get('_id') ?? id;
  if (!valuesEqual(given, id)) throw immutableId();
  return new Map([['_id', given], ...document]);
}

const immutableId = (): CommandFailure =>
  new CommandFailure(66, "Performing an update on the path '_id' would modify the immutable field '_id'");

interface Step {
  path: Path;
  way: Way;
  change: Change;
  onInsertOnly: boolean;
}

function modifiers(update: Doc, arrayFilters: Value | undefined): Update {
  const steps = [...update].flatMap(([name, fields]) => stepsOf(name, fields));
  checkConflicts(steps.map((step) => step.path));
  steps.sort((a, b) => comparePaths(a.path, b.path));
  const parts = steps.flatMap((step) => step.path);
  const positional = parts.includes('$');
  const filters = parseArrayFilters(arrayFilters, parts);
  const apply: Update['apply'] = (document, context) => {
    const id = cloneValue(document.get('_id') ?? null);
    if (positional && context.position === undefined)
      throw badValue('The positional operator did not find the match needed from the query.');
    const due = steps.filter((step) => !step.onInsertOnly || context.inserting);
    const elements = { position: context.position, arrayFilters: filters };
    const places = due.flatMap((step) => resolvePath(document, step.path, elements).map((path) => ({ ...step, path })));
    if (filters.size > 0) checkConflicts(places.map((place) => place.path));
    for (const { path, way, change } of places) changeAt(document, path, way, change);
    if (!context.inserting && !valuesEqual(document.get('_id'), id)) throw immutableId();
    return document;
  };
  return { replaces: false, positional, apply };
}

function stepsOf(name: string, fields: Value): Step[] {
  const modifier = UPDATE_OPERATORS.get(name);
  if (!modifier)
    throw failedToParse(`Unknown modifier: ${name}. Expected a valid update modifier or a replacement document`);
  if (!isDoc(fields)) throw failedToParse(`Modifiers operate on fields: {${name}: {<field>: ...}}`);
  return [...fields].map(([field, operand]) => {
    const path = checkedPath(field);
    return { path, way: modifier.way, change: modifier.parse(operand, path), onInsertOnly: name === ON_INSERT };
  });
}

function checkedPath(field: string): Path {
  const path = splitPath(field);
  if (path.includes(''))
    throw new CommandFailure(56, `The update path '${field}' contains an empty field name, which is not allowed.`);
  const odd = path.find(
    (part, i) => part.startsWith('$') && (i === 0 || !/^\$(?:|\[\]|\[[a-z][A-Za-z0-9]*\])$/.test(part)),
  );
  if (odd) throw odd === '$' || odd.startsWith('$[') ? badPlace(odd, field) : dollarPrefixed(odd, field);
  return path;
}

const badPlace = (part: string, field: string): CommandFailure =>
  badValue(`'${part}' in '${field}' is in the first position, or has no name of letters and digits`);

function checkConflicts(paths: readonly Path[]): void {
  const seen = new Set<string>();
  for (const path of paths.map((parts) => parts.join('.')).sort()) {
    const parts = path.split('.');
    const conflict = parts.map((_, i) => parts.slice(0, i + 1).join('.')).find((prefix) => seen.has(prefix));
    if (conflict !== undefined)
      throw new CommandFailure(40, `Updating the path '${path}' would create a conflict at '${conflict}'`);
    seen.add(path);
  }
}

/** New fields are added in this order: by name, indexes by number. */
function comparePaths(a: Path, b: Path): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  const [left, right] = [a[at] ?? '', b[at] ?? ''];
  return (asIndex(left) ?? Number.NaN) - (asIndex(right) ?? Number.NaN) || (left < right ? -1 : 1);
}

/** Parses `arrayFilters`: each a filter over one name, which `$[name]` in a path then stands for. */
function parseArrayFilters(filters: Value = [], pathParts: readonly string[]): ReadonlyMap<string, Predicate> {
  const result = new Map<string, Predicate>();
  if (!Array.isArray(filters)) throw typeMismatch('arrayFilters must be an array');
  for (const filter of filters) {
    if (!isDoc(filter)) throw typeMismatch('arrayFilters must hold documents');
    const predicate = parseFilter(filter);
    const [name, ...others] = new Set(fieldsIn(predicate));
    if (name === undefined || others.length > 0)
      throw failedToParse('An array filter has to name exactly one identifier, in fields of its own');
    if (!pathParts.includes(`$[${name}]`))
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
    if (result.has(name))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    result.set(name, predicate);
  }
  return result;
}

/** The document that an upsert inserts: what the filter fixes by equality, then the update. */
export function upsertDocument(filter: Predicate, update: Update): Doc {
  const seed: Doc = new Map();
  const fixed = equalities(filter)
    .filter(([path]) => !update.replaces || path[0] === '_id')
    .sort(([a], [b]) => (a.join('.') < b.join('.') ? -1 : 1));
  for (const [i, [path, value]] of fixed.entries()) {
    if (fixed.slice(0, i).some(([other]) => isPrefix(other, path) || isPrefix(path, other)))
      throw new CommandFailure(54, `cannot infer query fields to set, path '${path.join('.')}' is matched twice`);
    changeAt(seed, path, 'make', () => cloneValue(value));
  }
  const id = seed.get('_id');
  const result = update.apply(seed, { inserting: true });
  if (id !== undefined && !valuesEqual(result.get('_id'), id)) throw immutableId();
  return keepId(result.get('_id') ?? new ObjectId(), result);
}

const isPrefix = (path: Path, other: Path): boolean => path.every((part, i) => part === other[i]);

function equalities(filter: Predicate): [Path, Value][] {
  if (filter.kind === 'and') return filter.parts.flatMap(equalities);
  if (filter.kind === 'or' && filter.parts.length === 1) return equalities(filter.parts[0]!);
  if (filter.kind !== 'leaf') return [];
  if (filter.operator === 'eq') return [[filter.path, filter.operand]];
  const [first, ...others] = filter.operator === 'in' ? (filter.operand as Value[]) : [];
  return first !== undefined && others.every((other) => valuesEqual(other, first)) ? [[filter.path, first]] : [];
}
