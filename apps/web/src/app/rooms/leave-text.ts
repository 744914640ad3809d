import type { RoomState } from '@parley/sdk';
import type { Words } from '../shared/words/en';
import { roomTitle } from './room-title';

/** What happens when this person leaves: to them, and to the room. */
export function leaveText(state: RoomState, words: Words['rooms']['leave']): string {
  const { room } = state;
  if (room.kind === 'private') return words.ofPrivate(roomTitle(state));
  const isPublic = !room.metadata.settings.is_private;
  if (room.user_count <= 1) return isPublic ? words.lastOfPublic : words.lastOfClosed;
  const back = isPublic ? words.ofPublic : words.ofClosed;
  const heir = heirOf(state);
  return heir ? `${words.heir(heir.name)} ${back}` : back;
}

/** Who becomes the owner: nobody while an owner stays, else whoever has been there longest. */
function heirOf({ room, me }: RoomState) {
  const others = room.users.filter(({ id }) => id !== me);
  if (room.role !== 'owner' || others.some(({ role }) => role === 'owner')) return undefined;
  return others[0];
}
