import { isDoc, type Doc, type Value } from '../bson/values';
import type { Expression, Scope } from '../expression/expression';

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

/** A copy in the new shape. Fields without a shape of their own stay if `keepOthers` is set. */
export function reshape(document: Doc, tree: Tree, keepOthers: boolean, scope: Scope): Doc {
  const result: Doc = new Map();
  for (const [name, value] of document) {
    const shape = tree.fields.get(name);
    const shaped = shape ? shapeField(value, shape, keepOthers, scope) : keepOthers ? value : undefined;
    if (shaped !== undefined) result.set(name, shaped);
  }
  for (const [name, shape] of tree.fields) {
    if (shape.kind === 'compute' && (!keepOthers || !document.has(name)))
      setIfThere(result, name, shape.expression(scope));
    else if (shape.kind === 'tree' && !document.has(name) && computes(shape))
      result.set(name, reshape(new Map(), shape, keepOthers, scope));
  }
  return result;
}

function setIfThere(result: Doc, name: string, value: Value | undefined): void {
  if (value !== undefined) result.set(name, value);
}

function shapeField(value: Value, shape: Shape, keepOthers: boolean, scope: Scope): Value | undefined {
  switch (shape.kind) {
    case 'include':
      return value;
    case 'exclude':
      return undefined;
    case 'compute':
      return keepOthers ? shape.expression(scope) : undefined;
    case 'convert':
      return shape.convert(value);
    case 'tree':
      return shapeNested(value, shape, keepOthers, scope);
  }
}

function shapeNested(value: Value, tree: Tree, keepOthers: boolean, scope: Scope): Value | undefined {
  if (isDoc(value)) return reshape(value, tree, keepOthers, scope);
  if (Array.isArray(value))
    return value.map((item) => shapeNested(item, tree, keepOthers, scope)).filter((item) => item !== undefined);
  if (computes(tree)) return reshape(new Map(), tree, keepOthers, scope);
  return keepOthers ? value : undefined;
}

function computes(tree: Tree): boolean {
  return [...tree.fields.values()].some(
    (shape) => shape.kind === 'compute' || (shape.kind === 'tree' && computes(shape)),
  );
}
