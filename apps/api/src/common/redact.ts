const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const PHONE = /(?<![\dA-Za-z])(?:\+|%2b)?\d{8,15}(?![\dA-Za-z])/gi;

/** The text without what must not be in a log: tokens and phone numbers, wherever a driver or a library quotes them. */
export function redact(text: string): string {
  return text.replace(TOKEN, '[token]').replace(PHONE, '[number]');
}
