import { isDoc, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { splitPath, type Path } from '../query/predicate';
import type { Expression } from './expression';
import { OPERATORS } from './operators';
import { SPECIAL_FORMS } from './special-forms';

/** Takes a field out, where a `$project` or `$addFields` gives this value. */
const REMOVE = 'REMOVE';

/** Parses an expression; what is not in the subset is refused with the operator's name. */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return reference(source);
  if (Array.isArray(source)) {
    const items = source.map(compileExpression);
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if (isDoc(source)) return compileDocument(source);
  return () => source;
}

function reference(source: string): Expression {
  if (!source.startsWith('$$')) return fieldPath(checkedPath(source.slice(1)));
  const [name = '', ...path] = splitPath(source.slice(2));
  if (name === 'ROOT' || name === 'CURRENT') return path.length === 0 ? (scope) => scope.root : fieldPath(path);
  if (name === REMOVE) return () => undefined;
  if (name === 'NOW') return () => new Date();
  if (!/^[a-z\u0080-\uffff]/.test(name)) throw new CommandFailure(17276, `Use of undefined variable: ${name}`);
  return (scope) => {
    if (!scope.variables?.has(name)) throw new CommandFailure(17276, `Use of undefined variable: ${name}`);
    return follow(scope.variables.get(name), path);
  };
}

function checkedPath(name: string): Path {
  const path = splitPath(name);
  if (path.includes(''))
    throw new CommandFailure(name === '' ? 16872 : 15998, `FieldPath field names may not be empty strings: '$${name}'`);
  return path;
}

function fieldPath(path: Path): Expression {
  if (path.length === 1) return (scope) => scope.root.get(path[0]!);
  return (scope) => follow(scope.root, path);
}

/** The value at a path; through an array it is the array of what its elements hold. */
export function follow(value: Value | undefined, path: Path): Value | undefined {
  if (path.length === 0) return value;
  if (isDoc(value)) return follow(value.get(path[0]!), path.slice(1));
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((item) => {
    const found = follow(item, path);
    return found === undefined ? [] : [found];
  });
}

function compileDocument(source: Doc): Expression {
  const [name] = source.keys();
  if (name?.startsWith('$')) {
    if (source.size > 1)
      throw new CommandFailure(
        15983,
        'an expression specification must contain exactly one field, the name of the expression',
      );
    return compileOperator(name, source.get(name)!);
  }
  const fields = [...source].map(([field, item]) => [field, compileExpression(item)] as const);
  return (scope) => {
    const result: Doc = new Map();
    for (const [field, item] of fields) {
      const value = item(scope);
      if (value !== undefined) result.set(field, value);
    }
    return result;
  };
}

function compileOperator(name: string, argument: Value): Expression {
  const special = SPECIAL_FORMS.get(name);
  if (special) return special(argument, compileExpression);
  const operator = OPERATORS.get(name);
  if (!operator) throw new CommandFailure(168, `Unrecognized expression '${name}'`);
  const sources = Array.isArray(argument) ? argument : [argument];
  const [least, most] = operator.arity;
  if (sources.length < least || sources.length > most) {
    throw new CommandFailure(
      16020,
      `Expression ${name} takes ${least === most ? `exactly ${least}` : `at least ${least} and at most ${most}`} arguments. ${sources.length} were passed in.`,
    );
  }
  const items = sources.map(compileExpression);
  return (scope) => operator.run(items.map((item) => item(scope)));
}
