import { isDoc, isNumeric, truthy, wholeNumber, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, failedToParse } from '../failure';
import { compileExpression } from '../expression/compile';
import type { Variables } from '../expression/expression';
import { matchesValue } from '../query/match';
import { isOperators, operators, parseFilter } from '../query/parse';
import { splitPath, type Path } from '../query/predicate';
import { emptyTree, reshape, type Shape, type Tree } from './shape';

export type Projection = (document: Doc, variables?: Variables) => Doc;

/** `find` knows `$slice` and `$elemMatch`; an aggregation's `$project` knows expressions only. */
export type ProjectionUse = 'find' | '$project';

/** Parses a projection; an empty one is none. */
export function parseProjection(source: Value | undefined, use: ProjectionUse): Projection | undefined {
  if (source === undefined) return undefined;
  if (!isDoc(source))
    throw new CommandFailure(
      use === 'find' ? 14 : 15969,
      `${use === 'find' ? 'projection' : '$project specification'} must be an object`,
    );
  if (source.size === 0) {
    if (use === 'find') return undefined;
    throw new CommandFailure(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return new ProjectionParser(use).parse(source);
}

class ProjectionParser {
  private readonly tree: Tree = emptyTree();
  private mode: 'inclusion' | 'exclusion' | undefined;
  private id: Shape | undefined;

  constructor(private readonly use: ProjectionUse) {}

  parse(source: Doc): Projection {
    for (const [name, argument] of source) this.field(splitPath(name), argument);
    const inclusive =
      this.mode === 'inclusion' || (this.mode === undefined && this.id?.kind === 'include' && !this.hasConversion());
    const id = this.id ?? (inclusive ? { kind: 'include' as const } : undefined);
    if (id && !(id.kind === 'exclude' && inclusive)) this.tree.fields.set('_id', id);
    return (document, variables) => reshape(document, this.tree, !inclusive, { root: document, variables });
  }

  private hasConversion(): boolean {
    return [...this.tree.fields.values()].some((shape) => shape.kind === 'convert');
  }

  private field(path: Path, argument: Value): void {
    if (path.includes(''))
      throw new CommandFailure(40353, "FieldPath must not end with a '.' or hold an empty field name");
    if (path.at(-1) === '$') throw new CommandFailure(31276, 'the positional projection is not supported');
    if (path[0]!.startsWith('$'))
      throw new CommandFailure(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField: ${path.join('.')}`,
      );
    if (typeof argument === 'boolean' || isNumeric(argument)) this.flag(path, truthy(argument));
    else if (isDoc(argument)) this.document(path, argument);
    else this.computed(path, argument);
  }

  private flag(path: Path, include: boolean): void {
    const shape: Shape = { kind: include ? 'include' : 'exclude' };
    if (path.length === 1 && path[0] === '_id') this.id = shape;
    else {
      this.enter(include ? 'inclusion' : 'exclusion', path);
      this.place(path, shape);
    }
  }

  private document(path: Path, argument: Doc): void {
    const [name, operand] = [...argument][0] ?? [];
    if (name === undefined)
      throw new CommandFailure(51270, 'An empty sub-projection is not a valid value. Found empty object at path');
    if (this.use === 'find' && name === '$slice') this.place(path, { kind: 'convert', convert: slice(operand!) });
    else if (this.use === 'find' && name === '$elemMatch') {
      this.enter('inclusion', path);
      this.place(path, { kind: 'convert', convert: firstMatch(operand!) });
    } else if (name.startsWith('$')) this.computed(path, argument);
    else for (const [field, inner] of argument) this.field([...path, ...splitPath(field)], inner);
  }

  private computed(path: Path, argument: Value): void {
    const expression = compileExpression(argument);
    if (path.length === 1 && path[0] === '_id') {
      this.id = { kind: 'compute', expression };
      this.mode ??= 'inclusion';
      return;
    }
    this.enter('inclusion', path);
    this.place(path, { kind: 'compute', expression });
  }

  private enter(mode: 'inclusion' | 'exclusion', path: Path): void {
    if (this.mode !== undefined && this.mode !== mode) {
      throw new CommandFailure(
        mode === 'exclusion' ? 31254 : 31253,
        `Cannot do ${mode} on field ${path.join('.')} in ${this.mode} projection`,
      );
    }
    this.mode = mode;
  }

  private place(path: Path, shape: Shape): void {
    placeShape(this.tree, path, shape);
  }
}

/** Puts a shape into a tree; two shapes at one place, or one above another, collide. */
export function placeShape(tree: Tree, path: Path, shape: Shape): void {
  let at = tree;
  for (const part of path.slice(0, -1)) {
    const next = at.fields.get(part) ?? emptyTree();
    if (next.kind !== 'tree') throw collision(path);
    at.fields.set(part, next);
    at = next;
  }
  if (at.fields.has(path.at(-1)!)) throw collision(path);
  at.fields.set(path.at(-1)!, shape);
}

const collision = (path: Path): CommandFailure => new CommandFailure(31250, `Path collision at ${path.join('.')}`);

function slice(operand: Value): (value: Value) => Value {
  const [first, second] = (Array.isArray(operand) ? operand : [operand]).map(wholeNumber);
  if (first === undefined || (Array.isArray(operand) && (operand.length !== 2 || second === undefined))) {
    throw badValue('$slice only supports numbers and [skip, limit] arrays');
  }
  if (second !== undefined && second <= 0) throw badValue('$slice limit must be positive');
  return (value) => {
    if (!Array.isArray(value)) return value;
    if (second === undefined) return first < 0 ? value.slice(first) : value.slice(0, first);
    const start = first < 0 ? Math.max(0, value.length + first) : first;
    return value.slice(start, start + second);
  };
}

function firstMatch(operand: Value): (value: Value) => Value | undefined {
  if (!isDoc(operand)) throw failedToParse('elemMatch: Invalid argument, object required');
  const test = isOperators(operand) ? operators([], operand, true) : parseFilter(operand);
  return (value) => {
    const found = Array.isArray(value)
      ? value.find((item) => (isOperators(operand) || isDoc(item)) && matchesValue(test, item))
      : undefined;
    return found === undefined ? undefined : [found];
  };
}
