import { LIMITS } from '@parley/contract';
import { crowd, member, opened } from '../testing/room-states';
import { ME, message, moment, myRoom, OTHER, system } from '../testing/samples';
import { applyEntries, applyRoom, isOutdated, missingAfter, removeRoom } from './room-state';

describe('members', () => {
  const carol = { id: 'carol', name: 'Carol' };

  it('join with the role that their entry tells, behind those who are there', () => {
    const state = applyEntries(opened(1), [system(2, 'join', { user: carol, role: 'owner' })]);
    expect(state.room.user_count).toBe(3);
    expect(state.room.users.at(-1)).toEqual({ ...carol, role: 'owner', joined_at: moment(2) });
  });

  it('leave, and the heir becomes the owner', () => {
    const mine = { role: 'member' as const, users: [member(OTHER, 'owner'), member(ME, 'member')] };
    const state = applyEntries(opened(1, mine), [system(2, 'leave', { user: OTHER, heir: ME })]);
    expect(state.room).toMatchObject({ role: 'owner', user_count: 1, users: [{ id: ME.id, role: 'owner' }] });
  });

  it('stay a true beginning of the list when the room has more than are known', () => {
    const many = opened(1, { user_count: 500 });
    const joined = applyEntries(many, [system(2, 'join', { user: carol })]);
    expect(joined.room).toMatchObject({ user_count: 501, users: [{ id: ME.id }, { id: OTHER.id }] });
    const left = applyEntries(joined, [system(3, 'leave', { user: carol })]);
    expect(left.room.user_count).toBe(500);
  });

  it('are shown up to as many as a fetch shows: the next one is counted only', () => {
    const users = [ME, ...crowd(LIMITS.membersShown - 2)].map((person) => member(person, 'member'));
    const ten = applyEntries(opened(1, { users, user_count: 9 }), [system(2, 'join', { user: OTHER })]);
    expect(ten.room.users).toHaveLength(10);
    const eleven = applyEntries(ten, [system(3, 'join', { user: carol })]);
    expect(eleven.room).toMatchObject({ user_count: 11, users: ten.room.users });
    const again = applyEntries(eleven, [system(4, 'leave', { user: carol })]);
    expect(again.room).toMatchObject({ user_count: 10, users: ten.room.users });
    expect([ten, eleven, again].map(isOutdated)).toEqual([false, false, false]);
  });

  it('that are shown and leave make room for one who is not known: the room has to be fetched', () => {
    const all = [ME, OTHER, ...crowd(10)].map((person) => member(person, 'member'));
    const twelve = opened(1, { users: all.slice(0, 10), user_count: 12 });
    expect(isOutdated(twelve)).toBe(false);
    const left = applyEntries(twelve, [system(2, 'leave', { user: OTHER }), message(3)]);
    expect(left.room).toMatchObject({ user_count: 11, users: [{ id: ME.id }, ...all.slice(2, 10)] });
    expect(isOutdated(left)).toBe(true);
    expect(isOutdated(applyRoom(left, myRoom(1, { users: all.slice(0, 10), user_count: 12 })))).toBe(true);
    const users = all.filter(({ id }) => id !== OTHER.id).slice(0, 10);
    const fetched = applyRoom(left, myRoom(3, { users, user_count: 11 }));
    expect(isOutdated(fetched)).toBe(false);
    expect(fetched.room).toEqual(myRoom(3, { users, user_count: 11 }));
    expect(isOutdated(removeRoom(left, 'left'))).toBe(false);
  });

  it('are not counted twice or below what is there', () => {
    const twice = applyEntries(opened(1), [system(2, 'join', { user: OTHER })]);
    expect(twice.room.user_count).toBe(2);
    expect(applyEntries(twice, [system(3, 'leave', { user: carol })]).room.user_count).toBe(2);
  });

  it('end with my own leave or with the room, and begin again when I am added', () => {
    const left = applyEntries(opened(1), [system(2, 'leave', { user: ME })]);
    expect(left.gone).toBe('left');
    expect(applyEntries(opened(1), [system(2, 'delete')]).gone).toBe('deleted');
    const back = applyRoom(left, myRoom(5));
    expect(back.gone).toBeNull();
    expect(missingAfter(back)).toBe(2);
    const history = [system(2, 'leave', { user: ME }), system(3, 'join', { user: ME, role: 'member' })];
    expect(applyEntries(opened(1), history)).toMatchObject({ gone: null, room: { role: 'member' } });
  });

  it('do not change by an event that this client does not know', () => {
    const state = opened(1);
    const strange = applyEntries(state, [system(2, 'renamed' as 'join')]);
    expect(strange.room).toEqual({ ...state.room, seq: 2, last: strange.entries.at(-1) });
  });
});
