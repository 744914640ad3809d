import type { Room } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import type { IconName } from '../shared/icons';
import { phoneText } from '../shared/phone-text';

/** What of a room says what it is, to its members and to strangers. */
type Shown = Pick<Room, 'id' | 'kind' | 'metadata'>;

/** How a room shows itself: what its colour follows from, its title, and the icon in place of initials. */
export interface RoomFace {
  id: string;
  title: string;
  icon: IconName | undefined;
}

/** What a room is called: a private chat after the other person, everything else by its own name. */
export function roomTitle(state: Pick<RoomState, 'room' | 'me' | 'entries'>): string {
  return otherPerson(state)[0]?.name ?? otherNumber(state.room) ?? state.room.name;
}

/** A private chat's own name is made of both numbers: of who has left it and is nowhere else to be seen, that remains. */
function otherNumber({ kind, name, users }: RoomState['room']): string | undefined {
  if (kind !== 'private') return undefined;
  const known = users.map(({ phone }) => phone);
  const numbers = name.match(/\d{7,15}/g)?.map((digits) => `+${digits}`);
  return numbers?.filter((number) => !known.includes(number)).map(phoneText)[0];
}

/** A private chat has the colour of the other person; a room has a sign of its own. */
export function roomFace(state: Pick<RoomState, 'room' | 'me' | 'entries'>): RoomFace {
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
