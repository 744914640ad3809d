import type { RoomState } from '@parley/sdk';

/** What a room is called: a private chat after the other person, everything else by its own name. */
export function roomTitle({ room, me }: Pick<RoomState, 'room' | 'me'>): string {
  const other = room.kind === 'private' ? room.users.find(({ id }) => id !== me) : undefined;
  return other?.name ?? room.name;
}
