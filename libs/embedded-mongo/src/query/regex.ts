import { valuesEqual } from '../bson/compare';
import { BSONRegExp, type Value } from '../bson/values';
import { badValue, CommandFailure } from '../failure';
import type { Test } from './predicate';

/** Marks that PCRE lets one escape and JavaScript's Unicode mode does not. */
const NEEDLESSLY_ESCAPED = /[ !"#%&',:;<=>@_`~-]/;
const LITERAL = /^(?:[A-Za-z0-9 _@#%&=!<>,;:"'`~/-]|[^\x00-\x7f]|\\[^A-Za-z0-9])/u;

/** True for text that matches, and for the same regular expression. */
export function regexTest(operand: BSONRegExp): Test {
  const compiled = compile(operand);
  return (value) =>
    typeof value === 'string' ? compiled.test(value) : value instanceof BSONRegExp && valuesEqual(value, operand);
}

/** A JavaScript regular expression, in Unicode mode, for MongoDB's (PCRE); what has no counterpart is refused. */
function compile({ pattern, options }: BSONRegExp): RegExp {
  const source = pattern.replace(/\\(.)/gs, (escape, mark: string) =>
    NEEDLESSLY_ESCAPED.test(mark) ? `\\x${mark.charCodeAt(0).toString(16)}` : escape,
  );
  try {
    return new RegExp(source, [...new Set(`${options}u`)].join(''));
  } catch {
    throw new CommandFailure(51091, 'Regular expression is invalid, or uses what this server does not support');
  }
}

/** From `$regex` and `$options`: either may carry the options, not both. */
export function regexFrom(pattern: Value, options: Value | undefined): BSONRegExp {
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  if (/[^imsux]/.test(options ?? '')) throw new CommandFailure(51108, `invalid flag in regex options: ${options}`);
  if (pattern instanceof BSONRegExp) {
    if (options !== undefined && pattern.options !== '')
      throw new CommandFailure(51075, 'options set in both $regex and $options');
    return options === undefined ? pattern : new BSONRegExp(pattern.pattern, options);
  }
  if (typeof pattern !== 'string' || pattern.includes('\0'))
    throw badValue('$regex has to be a string, without a null byte in it');
  return new BSONRegExp(pattern, options ?? '');
}

/** The text that every match of an anchored, case-sensitive expression starts with; empty where none is sure. */
export function literalPrefix({ pattern, options }: BSONRegExp): string {
  if (!/^[su]*$/.test(options) || !pattern.startsWith('^') || pattern.includes('|')) return '';
  let rest = pattern.slice(1);
  let prefix = '';
  for (let match = LITERAL.exec(rest); match; match = LITERAL.exec(rest)) {
    rest = rest.slice(match[0].length);
    if (/^[*?{]/.test(rest)) return prefix;
    prefix += match[0].replace(/^\\/, '');
  }
  return prefix;
}
