import { isDoc, isNumeric, truthy, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure } from '../failure';
import { splitPath, type Path } from '../query/predicate';

export type Projection = (document: Doc) => Doc;

/** The fields of a document, or of the documents in an array, that are named: all of a field, or some below it. */
type Named = Map<string, Named | 'all'>;

/** Parses a projection of fields that are taken in or left out; an empty one is none. */
export function parseProjection(source: Doc): Projection | undefined {
  if (source.size === 0) return undefined;
  const named: Named = new Map();
  let mode: boolean | undefined;
  let id: boolean | undefined;
  for (const [name, value] of source) {
    if (typeof value !== 'boolean' && !isNumeric(value)) throw badValue(`Unsupported projection option: ${name}`);
    const include = truthy(value);
    if (name === '_id') id = include;
    else {
      mode ??= include;
      if (include !== mode) throw mixed(name, include);
      place(named, checkedPath(name));
    }
  }
  const inclusive = mode ?? id!;
  if ((inclusive ? id !== false : id === false) && !named.has('_id')) named.set('_id', 'all');
  return (document) => shapedDocument(document, named, inclusive);
}

function checkedPath(name: string): Path {
  const path = splitPath(name);
  if (path.includes('')) throw new CommandFailure(40353, 'FieldPath must not hold an empty field name');
  if (path.at(-1) === '$') throw new CommandFailure(31276, 'the positional projection is not supported');
  if (name.startsWith('$')) throw new CommandFailure(16410, `FieldPath field names may not start with '$': ${name}`);
  return path;
}

function mixed(name: string, include: boolean): CommandFailure {
  const [code, way, other] = include ? [31253, 'inclusion', 'exclusion'] : [31254, 'exclusion', 'inclusion'];
  return new CommandFailure(code as number, `Cannot do ${way} on field ${name} in ${other} projection`);
}

/** Two names for one place, or one above another, collide. */
function place(named: Named, [name, ...rest]: Path): void {
  const there = named.get(name!);
  if (there === 'all' || (there && rest.length === 0)) throw new CommandFailure(31250, `Path collision at ${name}`);
  if (rest.length === 0) named.set(name!, 'all');
  else {
    const below: Named = there ?? new Map();
    named.set(name!, below);
    place(below, rest);
  }
}

function shapedDocument(document: Doc, named: Named, inclusive: boolean): Doc {
  const result: Doc = new Map();
  for (const [name, value] of document) {
    const shaped = shapedValue(value, named.get(name), inclusive);
    if (shaped !== undefined) result.set(name, shaped);
  }
  return result;
}

function shapedValue(value: Value, named: Named | 'all' | undefined, inclusive: boolean): Value | undefined {
  if (named === undefined || named === 'all') return (named === 'all') === inclusive ? value : undefined;
  if (isDoc(value)) return shapedDocument(value, named, inclusive);
  if (Array.isArray(value))
    return value.map((item) => shapedValue(item, named, inclusive)).filter((item) => item !== undefined);
  return inclusive ? undefined : value;
}
