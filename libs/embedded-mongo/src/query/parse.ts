import { BSONRegExp, isDoc, truthy, type Doc, type Value } from '../bson/values';
import { badValue } from '../failure';
import { compileExpression } from '../expression/compile';
import { elementTest, equality, isOperators, OPERATORS, regex, type Field, type Parser } from './operators';
import { splitPath, type Predicate } from './predicate';

/** Parses a filter; what is not in the subset is refused with the operator's name. */
export function parseFilter(filter: Doc): Predicate {
  const parts = [...filter].filter(([name]) => name !== '$comment').map(([name, operand]) => part(name, operand));
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

function part(name: string, operand: Value): Predicate {
  if (!name.startsWith('$')) return test({ path: splitPath(name), whole: false }, operand);
  if (name === '$and' || name === '$or' || name === '$nor')
    return { kind: name.slice(1) as 'and' | 'or' | 'nor', parts: filters(name, operand) };
  if (name !== '$expr') throw badValue(`unknown top level operator: ${name}`);
  const evaluate = compileExpression(operand);
  return { kind: 'expression', holds: (document) => truthy(evaluate(document)) };
}

function filters(name: string, operand: Value): Predicate[] {
  if (!Array.isArray(operand)) throw badValue(`${name} must be an array`);
  if (operand.length === 0) throw badValue(`${name} argument must be a nonempty array`);
  return operand.map((item) => {
    if (!isDoc(item)) throw badValue(`${name} argument's entries must be objects`);
    return parseFilter(item);
  });
}

function test(field: Field, operand: Value): Predicate {
  if (operand instanceof BSONRegExp) return regex(field, operand);
  return isDoc(operand) && isOperators(operand) ? tests(field, operand) : equality(field, operand);
}

function tests(field: Field, operators: Doc): Predicate {
  if (operators.has('$options') && !operators.has('$regex')) throw badValue('$options needs a $regex');
  const parts = [...operators]
    .filter(([name]) => name !== '$options')
    .map(([name, operand]) => {
      const parse = OPERATORS.get(name);
      if (!parse) throw badValue(`unknown operator: ${name}`);
      return parse(field, operand, PARSER, operators);
    });
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

const PARSER: Parser = { filter: parseFilter, tests };

/** What `$elemMatch` or `$pull` ask of an array's element; with `whole`, an array in it is not taken apart. */
export const parseElementTest = (operand: Doc, whole: boolean): ((item: Value) => boolean) =>
  elementTest(operand, PARSER, whole);
