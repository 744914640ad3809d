import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { LIMITS } from '@parley/contract';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
} from 'class-validator';
import {
  CLIENT_ID,
  DESCRIPTION,
  EMOJI,
  LISTING_TEXT,
  MESSAGE_TEXT,
  OBJECT_ID,
  PASSWORD,
  PERSON_NAME,
  PHONE_TEXT,
  ROOM_NAME,
  SEARCH_TEXT,
  type TextRule,
  TOKEN,
  TRIED_PASSWORD,
} from './text-rules';

/** What the documentation says of a field, where the rule says too little. */
export interface FieldOptions {
  description?: string;
  example?: unknown;
  default?: unknown;
  required?: boolean;
}

/** The field may be left out. Unlike class-validator's `IsOptional`, `null` is not the same as nothing. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** A name of a person, tidied. */
export const PersonName = (options?: FieldOptions): PropertyDecorator => text(PERSON_NAME, options);
/** A name of a room or group, tidied. */
export const RoomName = (options?: FieldOptions): PropertyDecorator => text(ROOM_NAME, options);
/** A room's description; may be empty. */
export const Description = (options?: FieldOptions): PropertyDecorator => text(DESCRIPTION, options);
/** A message's text. */
export const MessageText = (options?: FieldOptions): PropertyDecorator => text(MESSAGE_TEXT, options);
/** Something like a phone number; `parsePhone` of users decides whether it is one. */
export const PhoneNumber = (options?: FieldOptions): PropertyDecorator => text(PHONE_TEXT, options);
/** A new password. */
export const Password = (options?: FieldOptions): PropertyDecorator => text(PASSWORD, options);
/** A password to be compared. */
export const TriedPassword = (options?: FieldOptions): PropertyDecorator => text(TRIED_PASSWORD, options);
/** An id of 24 hexadecimal digits, in lower case afterwards. */
export const ObjectIdString = (options?: FieldOptions): PropertyDecorator => text(OBJECT_ID, options);
/** A client's own name for a message. */
export const ClientId = (options?: FieldOptions): PropertyDecorator => text(CLIENT_ID, options);
/** One emoji. */
export const Emoji = (options?: FieldOptions): PropertyDecorator => text(EMOJI, options);
/** A JWT by its form; whether it is good, the token verifier says. */
export const TokenString = (options?: FieldOptions): PropertyDecorator => text(TOKEN, options);
/** What is typed into a search box. */
export const SearchText = (options?: FieldOptions): PropertyDecorator => text(SEARCH_TEXT, options);
/** What is typed into the search box of a list that is shown whole while nothing is. */
export const ListingText = (options?: FieldOptions): PropertyDecorator => text(LISTING_TEXT, options);
/** People by id or phone number, at least `min` of them, at most `LIMITS.usersPerCall`. */
export function UserRefs(min = 0, options: FieldOptions = {}): PropertyDecorator {
  const atMost = `At most ${LIMITS.usersPerCall} people are allowed in one call.`;
  return applyDecorators(
    ApiProperty({
      type: [String],
      example: ['0912 345 567', OBJECT_ID.example],
      maxItems: LIMITS.usersPerCall,
      ...options,
    }),
    Transform(({ value }: { value: unknown }) =>
      Array.isArray(value) ? value.map((item) => tidied(PHONE_TEXT, item)) : value,
    ),
    IsArray({ message: 'A list of ids or phone numbers is asked for.' }),
    ArrayMinSize(min, { message: `At least ${min} people are asked for.` }),
    ArrayMaxSize(LIMITS.usersPerCall, { message: atMost }),
    followsRule(PHONE_TEXT, true),
  );
}

/** One of a few words. @param name of the type, for the documentation. */
export function OneOf(words: readonly string[], name: string, options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ enum: words, enumName: name, ...options }),
    IsIn(words, { message: `One of these is asked for: ${words.join(', ')}.` }),
  );
}

/** Ids of people, at most `max` of them. */
export function PersonIds(max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      Array.isArray(value) ? value.map((item) => tidied(OBJECT_ID, item)) : value,
    ),
    IsArray({ message: 'A list of ids is asked for.' }),
    ArrayMaxSize(max, { message: `At most ${max} people are allowed.` }),
    followsRule(OBJECT_ID, true),
  );
}

/** An object of a DTO class of its own. (`ValidateNested` alone would take a list of such objects as well.) */
export function Nested(dto: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: dto, ...options }),
    Type(dto),
    IsObject({ message: 'A JSON object is asked for.' }),
    ValidateNested(),
  );
}

/** A boolean of a JSON body. */
export const TrueOrFalse = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(ApiProperty({ type: Boolean, ...options }), IsBoolean({ message: 'true or false is asked for.' }));

/** A whole number of a JSON body. */
export function WholeNumber(min: number, max: number, options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max, example: min, ...options }),
    isWholeNumber(min, max),
  );
}

/** A whole number of a query string: decimal digits and nothing else, no sign, no exponent, no blank. */
export function QueryNumber(min: number, max: number, options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'integer', minimum: min, maximum: max, example: min, required: false, ...options }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value,
    ),
    isWholeNumber(min, max),
  );
}

/** The decorator of a field that follows a rule of `text-rules`: tidies, validates and documents it. */
function text(rule: TextRule, options: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, example: rule.example, minLength: rule.min, maxLength: rule.max, ...options }),
    Transform(({ value }: { value: unknown }) => tidied(rule, value)),
    followsRule(rule, false),
  );
}

function tidied(rule: TextRule, value: unknown): unknown {
  return typeof value === 'string' ? rule.tidy(value) : value;
}

function followsRule(rule: TextRule, each: boolean): PropertyDecorator {
  const problem = (value: unknown): string | undefined =>
    typeof value === 'string' ? rule.problem(value) : 'A text is asked for.';
  const firstProblem = (value: unknown): string | undefined =>
    each && Array.isArray(value) ? value.map(problem).find((found) => found !== undefined) : problem(value);
  const defaultMessage = ({ value }: ValidationArguments): string => firstProblem(value) ?? 'A text is asked for.';
  return ValidateBy({
    name: 'textRule',
    validator: {
      validate: (value) => firstProblem(value) === undefined,
      defaultMessage: (args) => defaultMessage(args!),
    },
  });
}

function isWholeNumber(min: number, max: number): PropertyDecorator {
  return ValidateBy({
    name: 'wholeNumber',
    validator: {
      validate: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
      defaultMessage: () => `A whole number from ${min} to ${max} is asked for.`,
    },
  });
}
