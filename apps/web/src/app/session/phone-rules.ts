import type { Signal } from '@angular/core';
import { type SchemaPathTree, validate } from '@angular/forms/signals';
import type { Words } from '../shared/words/en';
import type { PhoneNumbers } from './phone-numbers';

/** What a form asks of a phone number. */
export function phoneRules(
  fields: SchemaPathTree<{ phone: string; country: string }>,
  words: Signal<Words>,
  numbers: PhoneNumbers,
): void {
  validate(fields.phone, ({ value, valueOf }) => {
    const { phoneMissing, phoneInvalid } = words().session.problems;
    if (value().trim() === '') return { kind: 'missing', message: phoneMissing };
    const isPossible = numbers.isPossible({ text: value(), country: valueOf(fields.country) });
    return isPossible ? undefined : { kind: 'invalid', message: phoneInvalid };
  });
}
