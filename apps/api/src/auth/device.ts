const LONGEST = 200;

/** A User-Agent as it is kept and shown: at most 200 characters, without control characters or halves of pairs. */
export function deviceOf(userAgent: string | undefined): string {
  return (userAgent ?? '')
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
    .replace(/\p{Cs}/gu, '');
}
