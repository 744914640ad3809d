import { personId, privateChat, roomState } from '../../testing/samples';
import { roomFace, roomKind, roomTitle } from './room-title';

const settings = { is_private: false, max_participants: 10 };

describe('What a room is called', () => {
  it('S7 is the other person’s name in a private chat, in their colour', () => {
    expect(roomFace(privateChat(2, 'Bình'))).toEqual({ id: personId(2), title: 'Bình', icon: undefined });
  });

  it('is its own name where the other one has left for good', () => {
    const state = privateChat(2, 'Bình');
    const alone = { ...state, room: { ...state.room, users: state.room.users.slice(0, 1) } };
    expect(roomTitle(alone)).toBe('private_room_1_2');
  });

  it.each([
    ['room', false, 'publicRoom', 'room'],
    ['room', true, 'privateRoom', 'room'],
    ['group', true, 'group', undefined],
  ] as const)('tells a %s (private: %s) as a %s', (kind, is_private, told, icon) => {
    const state = roomState([], { kind, metadata: { description: '', settings: { ...settings, is_private } } });
    expect(roomKind(state.room)).toBe(told);
    expect(roomFace(state).icon).toBe(icon);
  });
});
