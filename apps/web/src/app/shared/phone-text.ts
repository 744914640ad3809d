import { Pipe, type PipeTransform } from '@angular/core';

/** Country calling codes of one digit and of two; all others have three. */
const ONE_DIGIT = /^[17]/;
const TWO_DIGITS = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** A phone number as it is read out: `+84 912 345 567` for `+84912345567`. What is no such number stays as it is. */
export function phoneText(phone: string): string {
  const digits = /^\+(\d{7,15})$/.exec(phone)?.[1];
  if (digits === undefined) return phone;
  const code = ONE_DIGIT.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3;
  const groups = digits.slice(code).match(/\d{4}$|\d{1,3}(?!\d$)/g) ?? [];
  return [`+${digits.slice(0, code)}`, ...groups].join(' ');
}

/** `phoneText` in a template. */
@Pipe({ name: 'parleyPhone' })
export class PhoneText implements PipeTransform {
  readonly transform = phoneText;
}
