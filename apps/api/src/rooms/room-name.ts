import { fold } from '../common/search-words';

/** Every private chat's name begins so; no other room's may. */
export const PRIVATE_ROOM_PREFIX = 'private_room_';

/** The name of two people's private chat: `private_room_` and their numbers' digits, sorted, joined by `_`. */
export function privateRoomName(phones: readonly [string, string]): string {
  const digits = phones.map((phone) => phone.replace(/\D/g, ''));
  return PRIVATE_ROOM_PREFIX + digits.sort().join('_');
}

/** What has to be unique of a room's name: names that differ only in case, accents' form or spaces are one name. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** Whether a name is kept for private chats, however it is written. */
export function isReserved(name: string): boolean {
  return fold(name).startsWith(PRIVATE_ROOM_PREFIX);
}
