import type { RoomState } from '@parley/sdk';
import { ME, message, personId, privateChat, roomState, system } from '../../testing/samples';
import { roomFace, roomKind, roomTitle } from './room-title';

const settings = { is_private: false, max_participants: 10 };

describe('What a room is called', () => {
  it('S7 is the other person’s name in a private chat, in their colour', () => {
    expect(roomFace(privateChat(2, 'Bình'))).toEqual({ id: personId(2), title: 'Bình', icon: undefined });
  });

  function abandoned(state: RoomState, name = 'private_room_84912345567_84912345568'): RoomState {
    return { ...state, room: { ...state.room, name, users: state.room.users.slice(0, 1) } };
  }

  it('S10 stays the other person’s name, in their colour, when they have left', () => {
    const user = { id: personId(2), name: 'Bình' };
    const state = privateChat(2, 'Bình', [message(1, { sender: user }), system(2, { event: 'leave', user })]);
    expect(roomFace(abandoned(state))).toEqual({ id: personId(2), title: 'Bình', icon: undefined });
  });

  it('S10 is the other person’s number where nothing else is known of them any more', () => {
    const mine = abandoned(privateChat(2, 'Bình', [message(9, { sender: ME })]));
    expect(roomTitle(mine)).toBe('+84 912 345 568');
    expect(roomTitle(abandoned(mine, 'private_room_'))).toBe('private_room_');
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
