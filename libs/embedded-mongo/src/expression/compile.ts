import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { splitPath, type Path } from '../query/predicate';
import type { Expression } from './expression';
import { OPERATORS } from './operators';
import { LAZY_OPERATORS } from './lazy-operators';

/** Parses an expression; what is not in the subset is refused with the operator's name. */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return reference(source);
  if (Array.isArray(source)) {
    const items = source.map(compileExpression);
    return (root) => items.map((item) => item(root) ?? null);
  }
  return isDoc(source) ? compileDocument(source) : () => source;
}

function reference(source: string): Expression {
  const [name = '', ...rest] = splitPath(source.replace(/^\$\$?/, ''));
  const path = source.startsWith('$$') ? rest : [name, ...rest];
  if (source === '$$') throw new CommandFailure(16869, 'empty variable names are not allowed');
  if (path.includes(''))
    throw new CommandFailure(
      source === '$' ? 16872 : source.endsWith('.') ? 40353 : 15998,
      `an empty name in '${source}'`,
    );
  if (source === '$$REMOVE') return () => undefined;
  if (source.startsWith('$$') && name !== 'ROOT' && name !== 'CURRENT')
    throw new CommandFailure(17276, `Use of undefined variable: ${name}`);
  return (root) => follow(root, path);
}

/** The value at a path; through an array it is the array of what its elements hold. */
export function follow(value: Value | undefined, path: Path, depth = 0): Value | undefined {
  if (depth === path.length) return value;
  if (isDoc(value)) return follow(value.get(path[depth]!), path, depth + 1);
  if (!Array.isArray(value)) return undefined;
  const found = value.map((item) => (isDoc(item) ? follow(item, path, depth) : undefined));
  return found.filter((item) => item !== undefined);
}

function compileDocument(source: Doc): Expression {
  const [name] = source.keys();
  if (name?.startsWith('$')) return compileOperator(name, source);
  const odd = [...source.keys()].find((field) => field.startsWith('$') || field.includes('.'));
  if (odd) throw new CommandFailure(odd.startsWith('$') ? 16410 : 16412, `'${odd}' is no name for a field`);
  const fields = [...source].map(([field, item]) => [field, compileExpression(item)] as const);
  return (root) => {
    const found = fields.map(([field, item]) => [field, item(root)] as const);
    return new Map(found.filter((pair): pair is [string, Value] => pair[1] !== undefined));
  };
}

function compileOperator(name: string, source: Doc): Expression {
  if (source.size > 1) throw new CommandFailure(15983, 'an expression specification must contain exactly one field');
  const argument = source.get(name)!;
  if (name === '$literal') return () => argument;
  const lazy = LAZY_OPERATORS.get(name);
  if (lazy) return lazy(argument, compileExpression);
  const operator = OPERATORS.get(name);
  if (!operator) throw new CommandFailure(168, `Unrecognized expression '${name}'`);
  const sources = Array.isArray(argument) ? argument : [argument];
  const { least, most = least, run } = operator;
  if (sources.length < least || sources.length > most)
    throw new CommandFailure(
      16020,
      `Expression ${name} takes ${least} to ${most} arguments. ${sources.length} were passed in.`,
    );
  const items = sources.map(compileExpression);
  return (root) => run(...items.map((item) => item(root)));
}
