const TIME_BYTES = 6;

/**
 * A new name for a message: a UUID of version 7, which begins with the time. Names that grow keep the server's index of
 * them small to write.
 */
export function newClientId(): string {
  return uuidOf(Date.now(), globalThis.crypto.getRandomValues(new Uint8Array(16)));
}

/** The UUID, version 7, of a time (milliseconds since 1970) and 16 bytes by chance, of which the first 6 are not used. */
export function uuidOf(time: number, bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, at) => valueAt(at, byte, time).toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function valueAt(at: number, byte: number, time: number): number {
  if (at < TIME_BYTES) return Math.floor(time / 256 ** (TIME_BYTES - 1 - at)) % 256;
  if (at === 6) return (byte & 0x0f) | 0x70;
  return at === 8 ? (byte & 0x3f) | 0x80 : byte;
}
