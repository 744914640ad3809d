import { isDoc, truthy, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Expression, Scope } from './expression';

type Compile = (source: Value) => Expression;
type Form = (argument: Value, compile: Compile) => Expression;

/** The expressions that do not simply evaluate all their arguments first. */
export const SPECIAL_FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['$literal', (argument) => () => argument],
  ['$cond', cond],
  ['$switch', switchCase],
  ['$ifNull', ifNull],
  ['$and', (argument, compile) => logic(argument, compile, false)],
  ['$or', (argument, compile) => logic(argument, compile, true)],
  ['$filter', filter],
  ['$map', map],
  ['$reduce', reduce],
  ['$let', letIn],
]);

/** The named arguments of an operator; others are refused. */
function named(operator: string, argument: Value, required: readonly string[], optional: readonly string[] = []): Doc {
  if (!isDoc(argument)) throw new CommandFailure(28646, `${operator} only supports an object as its argument`);
  for (const name of argument.keys()) {
    if (![...required, ...optional].includes(name))
      throw new CommandFailure(28647, `Unrecognized parameter to ${operator}: ${name}`);
  }
  for (const name of required)
    if (!argument.has(name)) throw new CommandFailure(28648, `Missing '${name}' parameter to ${operator}`);
  return argument;
}

function cond(argument: Value, compile: Compile): Expression {
  const parts = Array.isArray(argument)
    ? argument
    : ['if', 'then', 'else'].map((name) => named('$cond', argument, ['if', 'then', 'else']).get(name)!);
  if (parts.length !== 3)
    throw new CommandFailure(16020, `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`);
  const [test, yes, no] = parts.map(compile) as [Expression, Expression, Expression];
  return (scope) => (truthy(test(scope)) ? yes(scope) : no(scope));
}

function switchCase(argument: Value, compile: Compile): Expression {
  const fields = named('$switch', argument, ['branches'], ['default']);
  const sources = fields.get('branches');
  if (!Array.isArray(sources) || sources.length === 0)
    throw new CommandFailure(40068, '$switch requires at least one branch.');
  const branches = sources.map((source) => {
    const branch = named('$switch', source, ['case', 'then']);
    return { test: compile(branch.get('case')!), result: compile(branch.get('then')!) };
  });
  const otherwise = fields.has('default') ? compile(fields.get('default')!) : undefined;
  return (scope) => {
    const branch = branches.find(({ test }) => truthy(test(scope)));
    if (branch) return branch.result(scope);
    if (!otherwise)
      throw new CommandFailure(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return otherwise(scope);
  };
}

function ifNull(argument: Value, compile: Compile): Expression {
  if (!Array.isArray(argument) || argument.length < 2)
    throw new CommandFailure(1257300, '$ifNull needs at least two arguments');
  const items = argument.map(compile);
  return (scope) => {
    let value: Value | undefined;
    for (const item of items) {
      value = item(scope);
      if (value !== undefined && value !== null) return value;
    }
    return value;
  };
}

function logic(argument: Value, compile: Compile, decisive: boolean): Expression {
  const items = (Array.isArray(argument) ? argument : [argument]).map(compile);
  return (scope) => items.some((item) => truthy(item(scope)) === decisive) === decisive;
}

/** The scope with one more variable in it. */
function withVariables(scope: Scope, added: Iterable<readonly [string, Value | undefined]>): Scope {
  return { root: scope.root, variables: new Map([...(scope.variables ?? []), ...added]) };
}

function variableName(value: Value | undefined): string {
  if (value === undefined) return 'this';
  if (typeof value !== 'string' || !/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(value))
    throw new CommandFailure(16868, `'${String(value)}' is not a valid name for a variable`);
  return value;
}

function arrayOf(operator: string, value: Value | undefined): Value[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new CommandFailure(28651, `input to ${operator} must be an array`);
  return value;
}

function filter(argument: Value, compile: Compile): Expression {
  const fields = named('$filter', argument, ['input', 'cond'], ['as', 'limit']);
  const [input, test] = [compile(fields.get('input')!), compile(fields.get('cond')!)];
  const limit = fields.has('limit') ? compile(fields.get('limit')!) : () => null;
  const name = variableName(fields.get('as'));
  return (scope) => {
    const kept = arrayOf('$filter', input(scope))?.filter((item) => truthy(test(withVariables(scope, [[name, item]]))));
    return kept ? kept.slice(0, wholeNumber(limit(scope)) ?? kept.length) : null;
  };
}

function map(argument: Value, compile: Compile): Expression {
  const fields = named('$map', argument, ['input', 'in'], ['as']);
  const [input, each] = [compile(fields.get('input')!), compile(fields.get('in')!)];
  const name = variableName(fields.get('as'));
  return (scope) =>
    arrayOf('$map', input(scope))?.map((item) => each(withVariables(scope, [[name, item]])) ?? null) ?? null;
}

function reduce(argument: Value, compile: Compile): Expression {
  const fields = named('$reduce', argument, ['input', 'initialValue', 'in']);
  const [input, initial, each] = ['input', 'initialValue', 'in'].map((name) => compile(fields.get(name)!)) as [
    Expression,
    Expression,
    Expression,
  ];
  return (scope) => {
    const items = arrayOf('$reduce', input(scope));
    if (!items) return null;
    return items.reduce<Value | undefined>(
      (value, item) =>
        each(
          withVariables(scope, [
            ['value', value],
            ['this', item],
          ]),
        ),
      initial(scope),
    );
  };
}

function letIn(argument: Value, compile: Compile): Expression {
  const fields = named('$let', argument, ['vars', 'in']);
  const vars = fields.get('vars');
  if (!isDoc(vars)) throw new CommandFailure(16876, 'invalid parameter: expected an object (vars)');
  const variables = [...vars].map(([name, source]) => [variableName(name), compile(source)] as const);
  const body = compile(fields.get('in')!);
  return (scope) =>
    body(
      withVariables(
        scope,
        variables.map(([name, value]) => [name, value(scope)] as const),
      ),
    );
}
