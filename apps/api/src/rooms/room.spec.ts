import { ROLE_PERMISSIONS, type RoomRole } from '@parley/contract';
import { allows, heirOf, lacksOwner, type RoomRecord } from './room';

const withMembers = (...members: [string, RoomRole][]): RoomRecord => ({
  id: 'r',
  name: 'Room',
  kind: 'room',
  createdAt: new Date(0),
  changedSeq: 0,
  metadata: { description: '', settings: { is_private: false, max_participants: 10 } },
  members: new Map(members.map(([user, role]) => [user, { user, role, joinedAt: new Date(0), read: 0 }])),
});

describe('allows', () => {
  it('S11 lets owners delete a room and members not', () => {
    expect(allows('owner', 'deleteRoom')).toBe(true);
    expect(allows('member', 'deleteRoom')).toBe(false);
  });

  it('knows every role of the contract', () => {
    for (const role of Object.keys(ROLE_PERMISSIONS) as RoomRole[]) expect(allows(role, 'read')).toBe(true);
  });
});

describe('heirOf', () => {
  it('is whoever is there longest, when the last owner leaves', () => {
    expect(heirOf(withMembers(['a', 'owner'], ['b', 'member'], ['c', 'member']), 'a')?.user).toBe('b');
  });

  it('is nobody while an owner stays, or when nobody is left', () => {
    expect(heirOf(withMembers(['a', 'owner'], ['b', 'owner']), 'a')).toBeUndefined();
    expect(heirOf(withMembers(['a', 'owner'], ['b', 'member']), 'b')).toBeUndefined();
    expect(heirOf(withMembers(['a', 'owner']), 'a')).toBeUndefined();
  });
});

describe('lacksOwner', () => {
  it('says whether the next one to come owns the room', () => {
    expect(lacksOwner(withMembers())).toBe(true);
    expect(lacksOwner(withMembers(['a', 'member']))).toBe(true);
    expect(lacksOwner(withMembers(['a', 'owner']))).toBe(false);
  });
});
