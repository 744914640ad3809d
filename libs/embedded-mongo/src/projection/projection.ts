import { isDoc, isNumeric, toNumber, truthy, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure } from '../failure';
import { compileExpression } from '../expression/compile';
import { parseElementTest } from '../query/parse';
import { splitPath, type Path } from '../query/predicate';
import { emptyTree, placeShape, reshape, type Shape } from './shape';

export type Projection = (document: Doc) => Doc;

/** `find` knows `$slice` and `$elemMatch`; an aggregation's `$project` knows expressions. */
export type ProjectionUse = 'find' | '$project';

type Mode = 'inclusion' | 'exclusion';

/** Parses a projection; in a find an empty one is none. */
export function parseProjection(source: Value | undefined, use: ProjectionUse): Projection | undefined {
  if (source === undefined || (use === 'find' && isDoc(source) && source.size === 0)) return undefined;
  if (!isDoc(source)) throw new CommandFailure(use === 'find' ? 14 : 15969, 'a projection must be an object');
  if (source.size === 0) throw new CommandFailure(51272, 'a projection must have at least one field');
  const parsed = new ProjectionParser(use);
  for (const [name, argument] of source) parsed.field(splitPath(name), argument);
  return parsed.finish();
}

class ProjectionParser {
  private readonly tree = emptyTree();
  private mode: Mode | undefined;
  private id: Shape | undefined;

  constructor(private readonly use: ProjectionUse) {}

  finish(): Projection {
    const { tree, id } = this;
    const inclusive =
      this.mode === 'inclusion' || (this.mode === undefined && id?.kind === 'include' && tree.fields.size === 0);
    if (id && !(id.kind === 'exclude' && inclusive)) tree.fields.set('_id', id);
    else if (inclusive && !id && !tree.fields.has('_id')) tree.fields.set('_id', { kind: 'include' });
    return (document) => reshape(document, tree, !inclusive);
  }

  field(path: Path, argument: Value): void {
    checkPath(path);
    if (typeof argument === 'boolean' || isNumeric(argument)) this.flag(path, truthy(argument));
    else if (isDoc(argument)) this.document(path, argument);
    else this.computed(path, argument);
  }

  private flag(path: Path, include: boolean): void {
    this.put(path, { kind: include ? 'include' : 'exclude' }, include ? 'inclusion' : 'exclusion');
  }

  private document(path: Path, argument: Doc): void {
    const [name, operand] = [...argument][0] ?? [];
    if (name === undefined) throw new CommandFailure(51270, 'An empty sub-projection is not a valid value.');
    if (argument.size > 1 && [...argument.keys()].some((key) => key.startsWith('$')))
      throw new CommandFailure(40181, 'an expression specification must contain exactly one field');
    if (!name.startsWith('$')) for (const [field, inner] of argument) this.field([...path, ...splitPath(field)], inner);
    else if (this.use === 'find' && name === '$slice') placeShape(this.tree, path, slice(operand!));
    else if (this.use === 'find' && name === '$elemMatch') this.put(path, firstMatch(operand!, path), 'inclusion');
    else this.computed(path, argument);
  }

  private computed(path: Path, argument: Value): void {
    if (this.use === 'find') throw badValue(`Unsupported projection option: ${path.join('.')}`);
    this.put(path, { kind: 'compute', expression: compileExpression(argument) }, 'inclusion');
  }

  /** A flag of `_id` fits either mode. */
  private put(path: Path, shape: Shape, mode: Mode): void {
    if (path.length === 1 && path[0] === '_id') {
      this.id = shape;
      if (shape.kind === 'compute') this.mode ??= 'inclusion';
      return;
    }
    if (this.mode !== undefined && this.mode !== mode)
      throw new CommandFailure(
        mode === 'exclusion' ? 31254 : 31253,
        `Cannot do ${mode} on field ${path.join('.')} in ${this.mode} projection`,
      );
    this.mode = mode;
    placeShape(this.tree, path, shape);
  }
}

function checkPath(path: Path): void {
  if (path.includes('')) throw new CommandFailure(40353, 'FieldPath must not hold an empty field name');
  if (path.at(-1) === '$') throw new CommandFailure(31276, 'the positional projection is not supported');
  if (path[0]!.startsWith('$'))
    throw new CommandFailure(16410, `FieldPath field names may not start with '$': ${path.join('.')}`);
}

function slice(operand: Value): Shape {
  const [first, second] = (Array.isArray(operand) ? operand : [operand]).map((item) =>
    isNumeric(item) ? Math.trunc(toNumber(item)) : undefined,
  );
  if (first === undefined || (Array.isArray(operand) && (operand.length !== 2 || second === undefined)))
    throw badValue('$slice only supports numbers and [skip, limit] arrays');
  if (second !== undefined && second <= 0) throw badValue('$slice limit must be positive');
  const convert = (value: Value): Value => (Array.isArray(value) ? part(value, first, second) : value);
  return { kind: 'convert', convert };
}

/** The first (or last, where negative) items, or `count` from a place on (from the end, where negative). */
function part(items: readonly Value[], first: number, count: number | undefined): Value[] {
  if (count === undefined) return first < 0 ? items.slice(first) : items.slice(0, first);
  const start = first < 0 ? Math.max(0, items.length + first) : first;
  return items.slice(start, start + count);
}

function firstMatch(operand: Value, path: Path): Shape {
  if (!isDoc(operand)) throw new CommandFailure(31274, 'elemMatch: Invalid argument, object required');
  if (path.length > 1) throw new CommandFailure(31275, 'Cannot use $elemMatch projection on a nested field');
  const test = parseElementTest(operand, true);
  const convert = (value: Value): Value | undefined => {
    const found = Array.isArray(value) ? value.filter(test).slice(0, 1) : [];
    return found.length > 0 ? found : undefined;
  };
  return { kind: 'convert', convert };
}
