import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { splitPath, type Path } from '../query/predicate';

/** A compiled expression over a document: undefined is a field that is missing. */
export type Expression = (root: Doc) => Value | undefined;

/** Parses an expression: paths, constants, documents and arrays of those; an operator is refused with its name. */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return reference(source);
  if (Array.isArray(source)) {
    const items = source.map(compileExpression);
    return (root) => items.map((item) => item(root) ?? null);
  }
  return isDoc(source) ? compileDocument(source) : () => source;
}

function reference(source: string): Expression {
  if (source.startsWith('$$')) throw new CommandFailure(17276, `Use of undefined variable: ${source}`);
  const path = splitPath(source.slice(1));
  if (path.includes('')) throw new CommandFailure(15998, `an empty name in '${source}'`);
  return (root) => follow(root, path);
}

/** The value at a path; through an array it is the array of what its elements hold. */
function follow(value: Value | undefined, path: Path, depth = 0): Value | undefined {
  if (depth === path.length) return value;
  if (isDoc(value)) return follow(value.get(path[depth]!), path, depth + 1);
  if (!Array.isArray(value)) return undefined;
  const found = value.map((item) => (isDoc(item) ? follow(item, path, depth) : undefined));
  return found.filter((item) => item !== undefined);
}

function compileDocument(source: Doc): Expression {
  const [name] = source.keys();
  if (name?.startsWith('$')) throw new CommandFailure(168, `Unrecognized expression '${name}'`);
  const odd = [...source.keys()].find((field) => field.startsWith('$') || field.includes('.'));
  if (odd) throw new CommandFailure(odd.startsWith('$') ? 16410 : 16412, `'${odd}' is no name for a field`);
  const fields = [...source].map(([field, item]) => [field, compileExpression(item)] as const);
  return (root) => {
    const found = fields.map(([field, item]) => [field, item(root)] as const);
    return new Map(found.filter((pair): pair is [string, Value] => pair[1] !== undefined));
  };
}
