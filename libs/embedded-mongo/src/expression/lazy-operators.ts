import { isDoc, truthy, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Expression } from './expression';

type Compile = (source: Value) => Expression;
type Parser = (argument: Value, compile: Compile) => Expression;

/** The operators that evaluate only what they need. */
export const LAZY_OPERATORS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['$and', (argument, compile) => logic(argument, compile, false)],
  ['$or', (argument, compile) => logic(argument, compile, true)],
  ['$cond', cond],
  ['$ifNull', ifNull],
]);

function logic(argument: Value, compile: Compile, decisive: boolean): Expression {
  const items = (Array.isArray(argument) ? argument : [argument]).map(compile);
  return (root) => items.some((item) => truthy(item(root)) === decisive) === decisive;
}

const PARTS: readonly string[] = ['if', 'then', 'else'];

function cond(argument: Value, compile: Compile): Expression {
  const parts = isDoc(argument)
    ? PARTS.map((name) => argument.get(name))
    : Array.isArray(argument)
      ? argument
      : [argument];
  const odd = isDoc(argument) ? [...argument.keys()].find((name) => !PARTS.includes(name)) : undefined;
  if (odd) throw new CommandFailure(17083, `Unrecognized parameter to $cond: ${odd}`);
  if (isDoc(argument) && parts.includes(undefined))
    throw new CommandFailure(
      17080 + parts.indexOf(undefined),
      `Missing '${PARTS[parts.indexOf(undefined)]}' parameter to $cond`,
    );
  if (parts.length !== 3) throw new CommandFailure(16020, `Expression $cond takes exactly 3 arguments.`);
  const [test, yes, no] = (parts as Value[]).map(compile) as [Expression, Expression, Expression];
  return (root) => (truthy(test(root)) ? yes(root) : no(root));
}

function ifNull(argument: Value, compile: Compile): Expression {
  if (!Array.isArray(argument) || argument.length < 2)
    throw new CommandFailure(1257300, '$ifNull needs at least two arguments');
  const items = argument.map(compile);
  return (root) => {
    let value: Value | undefined;
    for (const item of items) {
      value = item(root);
      if (value !== undefined && value !== null) return value;
    }
    return value;
  };
}
