import { isDoc, typeName, type Doc, type Value } from '../bson/values';
import { show } from '../bson/show';
import { badValue, CommandFailure } from '../failure';
import { matchesValue } from '../query/match';
import { asIndex, type Path, type Predicate } from '../query/predicate';

const MOST_PADDING = 1_500_000;

/** What an update knows besides the document. */
export interface UpdateContext {
  /** The index that the positional `$` stands for. */
  position: number | undefined;
  /** The filters that `$[name]` stands for. */
  arrayFilters: ReadonlyMap<string, Predicate>;
  inserting: boolean;
  now: Date;
}

/** Takes the field out; of an array's element it leaves null. */
export const REMOVED = Symbol('removed');
/** Leaves the field as it is. */
export const UNCHANGED = Symbol('unchanged');

export type NewValue = Value | typeof REMOVED | typeof UNCHANGED;
export type Change = (current: Value | undefined) => NewValue;

/** The places that a path with `$`, `$[]` and `$[name]` in it stands for, in this document. */
export function resolvePath(document: Doc, path: Path, context: UpdateContext): Path[] {
  if (!path.some((part) => part.startsWith('$'))) return [path];
  let found: { path: string[]; value: Value | undefined }[] = [{ path: [], value: document }];
  for (const part of path) found = found.flatMap(({ path: at, value }) => elements(at, value, part, context));
  return found.map((place) => place.path);
}

function elements(
  at: string[],
  value: Value | undefined,
  part: string,
  context: UpdateContext,
): { path: string[]; value: Value | undefined }[] {
  if (!part.startsWith('$')) return [{ path: [...at, part], value: child(value, part) }];
  if (part === '$') {
    if (context.position === undefined)
      throw badValue('The positional operator did not find the match needed from the query.');
    const index = String(context.position);
    return [{ path: [...at, index], value: child(value, index) }];
  }
  if (value === undefined)
    throw badValue(`The path '${at.join('.')}' must exist in the document in order to apply array updates.`);
  if (!Array.isArray(value))
    throw badValue(`Cannot apply array updates to non-array element ${at.at(-1)}: ${show(value)}`);
  const filter = part === '$[]' ? undefined : arrayFilter(part, context);
  return value.flatMap((item, i) =>
    !filter || matchesValue(filter, item) ? [{ path: [...at, String(i)], value: item }] : [],
  );
}

function arrayFilter(part: string, context: UpdateContext): Predicate {
  const name = part.slice(2, -1);
  const filter = context.arrayFilters.get(name);
  if (!filter) throw badValue(`No array filter found for identifier '${name}' in path`);
  return filter;
}

function child(value: Value | undefined, part: string): Value | undefined {
  if (isDoc(value)) return value.get(part);
  const index = Array.isArray(value) ? asIndex(part) : undefined;
  return index === undefined ? undefined : (value as Value[])[index];
}

/** The value at a path, where arrays are entered by index only. */
export const valueAt = (document: Doc, path: Path): Value | undefined =>
  path.reduce<Value | undefined>(child, document);

/** Changes the value at a path; the way there is made where `create` is set, else a missing way is no work. */
export function changeAt(document: Doc, path: Path, create: boolean, change: Change): void {
  let container: Doc | Value[] = document;
  for (const [depth, part] of path.slice(0, -1).entries()) {
    const next = step(container, part, path, depth, create);
    if (!next) return;
    container = next;
  }
  const last = path.at(-1)!;
  const current = child(container, last);
  if (Array.isArray(container) && asIndex(last) === undefined) {
    if (create) throw notViable(last, path.at(-2) ?? '', container);
    return;
  }
  const value = change(current);
  if (value === UNCHANGED || (value === REMOVED && current === undefined)) return;
  if (value !== REMOVED) assign(container, last, value);
  else if (isDoc(container)) container.delete(last);
  else assign(container, last, null);
}

function step(
  container: Doc | Value[],
  part: string,
  path: Path,
  depth: number,
  create: boolean,
): Doc | Value[] | undefined {
  const next = child(container, part);
  if (isDoc(next) || Array.isArray(next)) return next;
  if (!create) return undefined;
  if (next !== undefined) throw notViable(path[depth + 1]!, part, next);
  if (Array.isArray(container) && asIndex(part) === undefined) throw notViable(part, path[depth - 1] ?? '', container);
  const made: Doc = new Map();
  assign(container, part, made);
  return made;
}

function assign(container: Doc | Value[], part: string, value: Value): void {
  if (isDoc(container)) {
    container.set(part, value);
    return;
  }
  const index = asIndex(part)!;
  if (index - container.length > MOST_PADDING) throw badValue(`can't backfill more than ${MOST_PADDING} elements`);
  while (container.length < index) container.push(null);
  container[index] = value;
}

const notViable = (part: string, parent: string, value: Value): CommandFailure =>
  new CommandFailure(28, `Cannot create field '${part}' in element {${parent}: ${show(value)}}`);

/** The complaint about a field that has to be an array. */
export const notAnArray = (path: Path, value: Value): CommandFailure =>
  badValue(`The field '${path.join('.')}' must be an array but is of type ${typeName(value)}`);
