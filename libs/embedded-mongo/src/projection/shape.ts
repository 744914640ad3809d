import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Expression } from '../expression/expression';
import type { Path } from '../query/predicate';

/** What happens to one field of a document that is given a new shape. */
export type Shape =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'compute'; expression: Expression }
  | { kind: 'convert'; convert: (value: Value) => Value | undefined }
  | Tree;

/** The fields of a document, or of the documents in an array. */
export interface Tree {
  kind: 'tree';
  fields: Map<string, Shape>;
}

export const emptyTree = (): Tree => ({ kind: 'tree', fields: new Map() });

/** Puts a shape into a tree; two shapes at one place, or one above another, collide. */
export function placeShape(tree: Tree, path: Path, shape: Shape, code = 31250): void {
  const [name, ...rest] = path as [string, ...string[]];
  const there = tree.fields.get(name);
  if (rest.length === 0 && !there) tree.fields.set(name, shape);
  else if (rest.length > 0 && (!there || there.kind === 'tree')) {
    const next = there ?? emptyTree();
    tree.fields.set(name, next);
    placeShape(next, rest, shape, code);
  } else throw new CommandFailure(code, `Path collision at ${path.join('.')}`);
}

/** A copy in the new shape. Fields without a shape of their own stay if `keepOthers` is set. */
export function reshape(document: Doc, tree: Tree, keepOthers: boolean, root = document): Doc {
  const result: Doc = new Map();
  const put = (name: string, value: Value | undefined): unknown => value !== undefined && result.set(name, value);
  for (const [name, value] of document) {
    const shape = tree.fields.get(name);
    if (!shape) put(name, keepOthers ? value : undefined);
    else if (shape.kind !== 'compute' || keepOthers) put(name, shaped(value, shape, keepOthers, root));
  }
  for (const [name, shape] of tree.fields)
    if (!result.has(name) && computes(shape)) put(name, shaped(document.get(name), shape, keepOthers, root));
  return result;
}

function shaped(value: Value | undefined, shape: Shape, keepOthers: boolean, root: Doc): Value | undefined {
  switch (shape.kind) {
    case 'include':
      return value;
    case 'exclude':
      return undefined;
    case 'compute':
      return shape.expression(root);
    case 'convert':
      return value === undefined ? undefined : shape.convert(value);
    case 'tree':
      return shapedBelow(value, shape, keepOthers, root);
  }
}

function shapedBelow(value: Value | undefined, tree: Tree, keepOthers: boolean, root: Doc): Value | undefined {
  if (isDoc(value)) return reshape(value, tree, keepOthers, root);
  if (Array.isArray(value))
    return value.map((item) => shapedBelow(item, tree, keepOthers, root)).filter((item) => item !== undefined);
  if (computes(tree)) return reshape(new Map(), tree, keepOthers, root);
  return keepOthers ? value : undefined;
}

function computes(shape: Shape): boolean {
  return shape.kind === 'compute' || (shape.kind === 'tree' && [...shape.fields.values()].some(computes));
}
