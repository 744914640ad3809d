import parsePhoneNumber, { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../common/domain-error';

/** Digits of any script that libphonenumber knows, and what people write between them. */
const PHONE_LIKE = /^[\s\p{Nd}+()./\-\u2010-\u2015\u2212\u00a0]+$/u;
const ASKED = 'A valid phone number is asked for, such as +84 912 345 567 or, without its country code, 0912 345 567.';

/**
 * The number that a text means, as E.164 (`+84912345567`), or undefined when it is none that exists. A number without
 * a country code is one of `country`. Letters and extensions are refused.
 */
export function phoneIn(text: string, country: CountryCode): string | undefined {
  const plain = text.normalize('NFKC').trim();
  if (plain.length > 40 || !PHONE_LIKE.test(plain)) return undefined;
  const parsed = parsePhoneNumber(plain, { defaultCountry: country, extract: false });
  return parsed?.isValid() ? parsed.number : undefined;
}

/**
 * As `phoneIn`, for a field that must be a number.
 * @param field the name under which a failure is told.
 * @throws DomainError VALIDATION_FAILED
 */
export function parsePhone(text: string, country: CountryCode, field = 'phone'): string {
  const phone = phoneIn(text, country);
  if (phone !== undefined) return phone;
  throw new DomainError('VALIDATION_FAILED', 'Some fields are not as asked for.', { fields: { [field]: ASKED } });
}

/** Parsing a number takes longer than all the rest of showing somebody, and the same people are shown over and over. */
const masks = new LRUCache<string, string>({ max: 50_000 });

/** The number with all but its country code and its last three digits hidden: `+84 ••• ••• 567`. */
export function maskPhone(e164: string): string {
  const known = masks.get(e164);
  if (known !== undefined) return known;
  const mask = makeMask(e164);
  masks.set(e164, mask);
  return mask;
}

function makeMask(e164: string): string {
  const parsed = parsePhoneNumber(e164);
  const code = parsed?.countryCallingCode ?? e164.slice(1, 3);
  const national = parsed?.nationalNumber ?? e164.slice(3);
  const shown = national.length > 6 ? national.slice(-3) : '•••';
  return `+${code} ••• ••• ${shown}`;
}

/** The beginning of E.164 that typed digits mean, where whole numbers may be searched by their beginning. */
export function phonePrefix(text: string, country: CountryCode): string | undefined {
  const plain = text.normalize('NFKC').trim();
  const digits = plain.replace(/\D/g, '');
  if (digits.length < 3 || digits.length > 15 || !PHONE_LIKE.test(plain)) return undefined;
  if (plain.startsWith('+')) return `+${digits}`;
  return `+${getCountryCallingCode(country)}${digits.replace(/^0+/, '')}`;
}
