import { BSONRegExp, type Value } from '../bson/values';
import { badValue, CommandFailure } from '../failure';

const LITERAL = /^(?:[A-Za-z0-9 _@#%&=!<>,;:"'`~/-]|[^\x00-\x7f]|\\[^A-Za-z0-9])/u;

/** A JavaScript regular expression for MongoDB's (PCRE); what has no counterpart is refused. */
export function compileRegex(source: BSONRegExp): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(source.pattern);
  const pattern = inline ? source.pattern.slice(inline[0].length) : source.pattern;
  const flags = new Set(source.options.replace('u', '') + (inline?.[1] ?? ''));
  for (const flag of flags)
    if (!'ims'.includes(flag)) throw badValue(`regular expression option '${flag}' is not supported`);
  const known = [...flags].join('');
  try {
    return new RegExp(pattern, `${known}u`);
  } catch {
    return withoutUnicode(pattern, known);
  }
}

/** Some escapes that PCRE takes are refused only in JavaScript's Unicode mode. */
function withoutUnicode(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    throw new CommandFailure(51091, 'Regular expression is invalid or uses what this server does not support');
  }
}

/** From `$regex` and `$options`: either may carry the options, not both. */
export function regexFrom(pattern: Value, options: Value | undefined): BSONRegExp {
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  if (options !== undefined && !/^[imsxu]*$/.test(options))
    throw new CommandFailure(51108, `invalid flag in regex options: ${options}`);
  if (typeof pattern === 'string') return new BSONRegExp(pattern, options ?? '');
  if (!(pattern instanceof BSONRegExp)) throw badValue('$regex has to be a string');
  if (options !== undefined && pattern.options !== '')
    throw new CommandFailure(51075, 'options set in both $regex and $options');
  return options === undefined ? pattern : new BSONRegExp(pattern.pattern, options);
}

/** The text that every match of an anchored, case-sensitive expression starts with; empty where none is sure. */
export function literalPrefix(source: BSONRegExp): string {
  if (source.options.replace(/[su]/g, '') !== '' || !source.pattern.startsWith('^') || source.pattern.includes('|'))
    return '';
  let rest = source.pattern.slice(1);
  let prefix = '';
  for (let match = LITERAL.exec(rest); match; match = LITERAL.exec(rest)) {
    rest = rest.slice(match[0].length);
    if (/^[*?{]/.test(rest)) return prefix;
    prefix += match[0].replace(/^\\/, '');
  }
  return prefix;
}
