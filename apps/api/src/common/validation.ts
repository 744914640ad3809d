import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { DomainError } from './domain-error';

/** Deeper than any DTO. What is deeper is refused before a recursive walk of it could exhaust the stack. */
const MAX_DEPTH = 8;
const MAX_FIELDS = 20;
const HARMFUL_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const SHOWABLE_PATH = /^[A-Za-z_][\w.]{0,63}$/;
const UNKNOWN_FIELD = 'This field is not known.';
const OBJECT_ASKED = 'A JSON object is asked for.';

/**
 * The value as an instance of a DTO class, tidied by the class's decorators. Both doors, REST and gateway, use it.
 * Fields that the class does not declare are refused, nothing is converted, keys that reach prototypes are refused.
 * @throws DomainError VALIDATION_FAILED with a sentence for each wrong field.
 */
export function validateDto<T extends object>(dto: Type<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal({}, OBJECT_ASKED);
  refuseHarmfulShape(value);
  const instance = plainToInstance(dto, value);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw refusal(fieldsOf(errors));
  if (leavesOut(instance, value)) throw refusal({ '*': UNKNOWN_FIELD });
  return instance;
}

/** Whether a field of the value went unseen: class-transformer passes over names that every object has a method of. */
function leavesOut(instance: object, value: object): boolean {
  return Object.entries(value).some(([key, given]: [string, unknown]) => {
    if (!Object.hasOwn(instance, key)) return true;
    const taken = (instance as Record<string, unknown>)[key];
    return isObject(given) && isObject(taken) && !Array.isArray(given) && leavesOut(taken, given);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The global pipe of REST: every body, query and set of parameters whose type is a DTO class goes through `validateDto`. */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || PLAIN_TYPES.has(metatype)) return value;
    return validateDto(metatype as Type<object>, value);
  }
}

const PLAIN_TYPES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object]);

function refusal(fields: Record<string, string>, message = 'Some fields are not as asked for.'): DomainError {
  return new DomainError('VALIDATION_FAILED', message, Object.keys(fields).length > 0 ? { fields } : undefined);
}

/** Refuses prototype keys and bottomless nesting, without recursion. */
function refuseHarmfulShape(root: object): void {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw refusal({}, 'The data is nested too deep.');
    level = level.flatMap(childrenOf);
  }
}

function childrenOf(node: object): object[] {
  if (Object.keys(node).some((key) => HARMFUL_KEYS.has(key))) throw refusal({ '*': UNKNOWN_FIELD });
  return Object.values(node).filter(isObject);
}

/** For each wrong field one sentence, by its path. A name that only the caller knows is shown when it is harmless. */
function fieldsOf(errors: ValidationError[]): Record<string, string> {
  const found = errors.flatMap((error) => sentencesOf(error, ''));
  return Object.fromEntries(found.slice(0, MAX_FIELDS));
}

function sentencesOf(error: ValidationError, parent: string): [string, string][] {
  const path = `${parent}${error.property}`;
  const own: [string, string][] = error.constraints ? [[showable(path), sentenceOf(error.constraints)]] : [];
  return [...own, ...(error.children ?? []).flatMap((child) => sentencesOf(child, `${path}.`))];
}

function showable(path: string): string {
  return SHOWABLE_PATH.test(path) ? path : '*';
}

function sentenceOf(constraints: Record<string, string>): string {
  if (constraints['whitelistValidation'] !== undefined) return UNKNOWN_FIELD;
  if (constraints['nestedValidation'] !== undefined) return OBJECT_ASKED;
  return Object.values(constraints)[0] ?? 'This field is wrong.';
}
