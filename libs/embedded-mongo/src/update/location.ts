import { show } from '../bson/show';
import { isDoc, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure } from '../failure';
import { matches } from '../query/match';
import { asIndex, type Path, type Predicate } from '../query/predicate';

const MOST_PADDING = 1_500_000;

/** What `$` and `$[name]` in a path stand for. */
interface Elements {
  position: number | undefined;
  arrayFilters: ReadonlyMap<string, Predicate>;
}

/** The value that comes in place of one; undefined is a missing one. */
export type Change = (current: Value | undefined) => Value | undefined;

type Container = Doc | Value[];

/**
 * How to get to a field: `make` what is missing on the way; `follow` it, no work where it is missing; `try` it, no work
 * where it is blocked by a value that has no fields either.
 */
export type Way = 'make' | 'follow' | 'try';

/** The places in a document that a path with `$`, `$[]` and `$[name]` in it stands for. */
export function resolvePath(document: Doc, path: Path, elements: Elements): Path[] {
  if (!path.some((part) => part.startsWith('$'))) return [path];
  let places: { path: Path; value: Value | undefined }[] = [{ path: [], value: document }];
  for (const [depth, part] of path.entries())
    places = places.flatMap(({ path: at, value }) =>
      namesAt(value, part, path.slice(0, depth), path.slice(depth), elements).map((name) => ({
        path: [...at, name],
        value: isDoc(value) || Array.isArray(value) ? child(value, name) : undefined,
      })),
    );
  return places.map((place) => place.path);
}

/** The children of a value that a part of a path stands for: itself, or elements of an array. */
function namesAt(value: Value | undefined, part: string, before: Path, rest: Path, elements: Elements): string[] {
  if (part === '$') return [String(elements.position)];
  const needsArray = rest.some((one) => one.startsWith('$['));
  if (needsArray && (value === undefined || !(isDoc(value) || Array.isArray(value))))
    throw badValue(`The path '${before.join('.')}' must exist in the document in order to apply array updates.`);
  if (!part.startsWith('$[')) return [part];
  if (!Array.isArray(value)) throw badValue(`Cannot apply array updates to non-array element ${before.join('.')}`);
  const test = part === '$[]' ? () => true : elementFilter(part.slice(2, -1), elements);
  return [...value.keys()].filter((i) => test(value[i]!)).map(String);
}

/** An array filter looks at an element as at a field of the name that it gives to it. */
function elementFilter(name: string, { arrayFilters }: Elements): (element: Value) => boolean {
  const filter = arrayFilters.get(name);
  if (!filter) throw badValue(`No array filter found for identifier '${name}' in path`);
  return (element) => matches(filter, new Map([[name, element]]));
}

/** Changes the value at a path, where arrays are entered by index only. */
export function changeAt(document: Doc, path: Path, way: Way, change: Change): void {
  let container: Container = document;
  for (const [depth, name] of path.slice(0, -1).entries()) {
    const next = enter(container, name, path, depth, way);
    if (!next) return;
    container = next;
  }
  changeChild(container, path, way, change);
}

function child(container: Container, name: string): Value | undefined {
  if (isDoc(container)) return container.get(name);
  const index = asIndex(name);
  return index === undefined ? undefined : container[index];
}

function enter(container: Container, name: string, path: Path, depth: number, way: Way): Container | undefined {
  const next = child(container, name);
  if (isDoc(next) || Array.isArray(next)) return next;
  if (way === 'try' || (way === 'follow' && next === undefined && isPart(container, name))) return undefined;
  if (next !== undefined) throw notViable(path[depth + 1]!, name, next);
  const made: Doc = new Map();
  assign(container, name, path[depth - 1], made);
  return made;
}

const isPart = (container: Container, name: string): boolean => isDoc(container) || asIndex(name) !== undefined;

/** An element that is taken out of an array leaves null. */
function changeChild(container: Container, path: Path, way: Way, change: Change): void {
  const name = path.at(-1)!;
  const current = child(container, name);
  if (!isPart(container, name) && way === 'try') return;
  if (!isPart(container, name)) throw notViable(name, path.at(-2) ?? '', container);
  const value = change(current);
  if (value !== undefined) assign(container, name, path.at(-2), value);
  else if (isDoc(container)) container.delete(name);
  else if (current !== undefined) assign(container, name, path.at(-2), null);
}

function assign(container: Container, name: string, parent = '', value: Value): void {
  if (isDoc(container)) {
    container.set(name, value);
    return;
  }
  const index = asIndex(name);
  if (index === undefined) throw notViable(name, parent, container);
  if (index - container.length > MOST_PADDING) throw badValue(`can't backfill more than ${MOST_PADDING} elements`);
  while (container.length < index) container.push(null);
  container[index] = value;
}

const notViable = (part: string, parent: string, value: Value): CommandFailure =>
  new CommandFailure(28, `Cannot create field '${part}' in element {${parent}: ${show(value)}}`);
