import type { MyRoom } from '@parley/contract';
import { ME, personId, privateChat, roomState } from '../../testing/samples';
import { en } from '../shared/words/en';
import { leaveText } from './leave-text';

const { leave } = en.rooms;
const member = (number: number, name: string, role: 'owner' | 'member' = 'member') => ({
  id: personId(number),
  name,
  phone: '',
  role,
  joined_at: ME.created_at,
});
const me = (role: 'owner' | 'member') => ({ ...ME, role, joined_at: ME.created_at });

function room(is_private: boolean, role: 'owner' | 'member', others: MyRoom['users']) {
  const metadata = { description: '', settings: { is_private, max_participants: 10 } };
  const users = [me(role), ...others];
  return roomState([], { kind: 'room', role, users, user_count: users.length, metadata });
}

describe('What happens when one leaves', () => {
  const others = [member(2, 'Bình'), member(3, 'Chi')];

  it('S10 names who inherits the room: whoever is there longest', () => {
    expect(leaveText(room(true, 'owner', others), leave)).toBe(
      'Bình, who has been here longest, becomes the owner. You can come back only when a member adds you.',
    );
  });

  it('S10 names nobody while another owner stays, or where a member leaves', () => {
    expect(leaveText(room(false, 'owner', [...others, member(4, 'Dũng', 'owner')]), leave)).toBe(leave.ofPublic);
    expect(leaveText(room(true, 'member', others), leave)).toBe(leave.ofClosed);
  });

  it('S10 says that what the last one leaves for good is deleted, and that an open room stays', () => {
    expect(leaveText(room(true, 'owner', []), leave)).toBe(leave.lastOfClosed);
    expect(leaveText(room(false, 'owner', []), leave)).toBe(leave.lastOfPublic);
  });

  it('S10 says that a private chat can be opened again', () => {
    expect(leaveText(privateChat(2, 'Bình'), leave)).toBe(leave.ofPrivate('Bình'));
  });
});
