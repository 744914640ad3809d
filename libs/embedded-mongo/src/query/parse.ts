import { BSONRegExp, isDoc, truthy, type Doc, type Value } from '../bson/values';
import { badValue } from '../failure';
import { compileExpression } from '../expression/compile';
import type { Variables } from '../expression/expression';
import {
  allOf,
  unknownOperator,
  comparison,
  elemMatch,
  existence,
  membership,
  modulo,
  ofSize,
  ofType,
  regex,
} from './leaves';
import { splitPath, type Path, type Predicate } from './predicate';
import { regexFrom } from './regex';

/** Parses a filter; what is not in the subset is refused with the operator's name. An `$expr` in it sees the variables. */
export function parseFilter(filter: Doc, variables?: Variables): Predicate {
  const parts: Predicate[] = [];
  for (const [name, operand] of filter) {
    const part = name.startsWith('$') ? topLevel(name, operand, variables) : field(splitPath(name), operand);
    if (part) parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

function topLevel(name: string, operand: Value, variables: Variables | undefined): Predicate | undefined {
  switch (name) {
    case '$and':
    case '$or':
    case '$nor':
      return { kind: name.slice(1) as 'and' | 'or' | 'nor', parts: filters(name, operand, variables) };
    case '$expr': {
      const evaluate = compileExpression(operand);
      return { kind: 'expression', holds: (document) => truthy(evaluate({ root: document, variables })) };
    }
    case '$comment':
      return undefined;
    default:
      throw badValue(
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function filters(name: string, operand: Value, variables: Variables | undefined): Predicate[] {
  if (!Array.isArray(operand)) throw badValue(`${name} must be an array`);
  if (operand.length === 0) throw badValue(`${name} argument must be a nonempty array`);
  return operand.map((item) => {
    if (!isDoc(item)) throw badValue(`${name} argument's entries must be objects`);
    return parseFilter(item, variables);
  });
}

function field(path: Path, operand: Value, whole = false): Predicate {
  if (operand instanceof BSONRegExp) return regex(path, operand, whole);
  if (isDoc(operand) && isOperators(operand)) return operators(path, operand, whole);
  return comparison(path, '$eq', operand, whole);
}

/** True for `{$gt: 1}`, false for a plain document and for a DBRef. */
export function isOperators(operand: Doc): boolean {
  const first = operand.keys().next().value;
  return first !== undefined && first.startsWith('$') && !['$ref', '$id', '$db'].includes(first);
}

/** Parses the operators that apply to one path. */
export function operators(path: Path, operand: Doc, whole: boolean): Predicate {
  const parts: Predicate[] = [];
  for (const [name, argument] of operand) {
    if (name === '$options') {
      if (!operand.has('$regex')) throw badValue('$options needs a $regex');
      continue;
    }
    parts.push(
      name === '$regex'
        ? regex(path, regexFrom(argument, operand.get('$options')), whole)
        : operator(path, name, argument, whole),
    );
  }
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

function operator(path: Path, name: string, argument: Value, whole: boolean): Predicate {
  switch (name) {
    case '$eq':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return comparison(path, name, argument, whole);
    case '$ne':
      if (argument instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return { kind: 'not', part: comparison(path, '$eq', argument, whole) };
    case '$in':
      return membership(path, name, argument, whole);
    case '$nin':
      return { kind: 'not', part: membership(path, name, argument, whole) };
    case '$not':
      return negation(path, argument, whole);
    case '$all':
      return allOf(path, argument, elementFilter);
    case '$elemMatch':
      return elemMatch(path, elementFilter(argument));
    default:
      return plainTest(path, name, argument, whole);
  }
}

function plainTest(path: Path, name: string, argument: Value, whole: boolean): Predicate {
  switch (name) {
    case '$exists':
      return existence(path, truthy(argument));
    case '$type':
      return ofType(path, argument, whole);
    case '$size':
      return ofSize(path, argument);
    case '$mod':
      return modulo(path, argument, whole);
    default:
      return unknownOperator(name);
  }
}

function negation(path: Path, argument: Value, whole: boolean): Predicate {
  if (argument instanceof BSONRegExp) return { kind: 'not', part: regex(path, argument, whole) };
  if (!isDoc(argument)) throw badValue('$not needs a regex or a document');
  if (argument.size === 0) throw badValue('$not cannot be empty');
  if (!isOperators(argument)) throw badValue(`unknown operator: ${argument.keys().next().value}`);
  return { kind: 'not', part: operators(path, argument, whole) };
}

/** The argument of `$elemMatch`: tests of the element itself, or a filter over its fields. */
function elementFilter(argument: Value): { predicate: Predicate; fields: boolean } {
  if (!isDoc(argument)) throw badValue('$elemMatch needs an Object');
  const first = argument.keys().next().value;
  const fields = first === undefined || !isOperators(argument) || ['$and', '$or', '$nor', '$expr'].includes(first);
  return { predicate: fields ? parseFilter(argument) : operators([], argument, true), fields };
}
