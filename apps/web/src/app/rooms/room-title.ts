import type { Room } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import type { IconName } from '../shared/icons';

/** What of a room says what it is, to its members and to strangers. */
type Shown = Pick<Room, 'id' | 'kind' | 'metadata'>;

/** How a room shows itself: what its colour follows from, its title, and the icon in place of initials. */
export interface RoomFace {
  id: string;
  title: string;
  icon: IconName | undefined;
}

/** What a room is called: a private chat after the other person, everything else by its own name. */
export function roomTitle(state: Pick<RoomState, 'room' | 'me'>): string {
  return otherPerson(state)[0]?.name ?? state.room.name;
}

/** A private chat has the colour of the other person; a room has a sign of its own. */
export function roomFace(state: Pick<RoomState, 'room' | 'me'>): RoomFace {
  const id = otherPerson(state)[0]?.id ?? state.room.id;
  return { id, title: roomTitle(state), icon: roomIcon(state.room) };
}

/** The sign of rooms that have a name for everybody; groups and private chats have their initials. */
export function roomIcon({ kind }: Pick<Shown, 'kind'>): IconName | undefined {
  return kind === 'room' ? 'room' : undefined;
}

/** The name of a room's kind in `words().rooms.kinds`. */
export function roomKind({ kind, metadata }: Pick<Shown, 'kind' | 'metadata'>) {
  if (kind !== 'room') return kind;
  return metadata.settings.is_private ? 'privateRoom' : 'publicRoom';
}
