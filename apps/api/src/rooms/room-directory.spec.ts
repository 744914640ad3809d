import fc from 'fast-check';
import type { Membership, RoomRecord } from './room';
import { RoomDirectory } from './room-directory';

const PEOPLE = ['a', 'b', 'c', 'd'];
const ROOMS = ['r1', 'r2', 'r3'];

const member = (user: string): Membership => ({ user, role: 'member', joinedAt: new Date(0), read: 0 });
const room = (id: string, users: readonly string[]): RoomRecord => ({
  id,
  name: `Room ${id}`,
  kind: id === 'r3' ? 'private' : 'room',
  createdAt: new Date(0),
  metadata: { description: '', settings: { is_private: false, max_participants: 10 } },
  ...(id === 'r3' && { pair: ['a', 'b'] as const }),
  changedSeq: 0,
  members: new Map(users.map((user) => [user, member(user)])),
});

const anyRoom = fc.constantFrom(...ROOMS);
const anyone = fc.constantFrom(...PEOPLE);
const step = fc.oneof(
  fc.record({ does: fc.constant('put' as const), id: anyRoom, users: fc.uniqueArray(anyone) }),
  fc.record({ does: fc.constant('remove' as const), id: anyRoom }),
  fc.record({ does: fc.constant('join' as const), id: anyRoom, user: anyone }),
  fc.record({ does: fc.constant('leave' as const), id: anyRoom, user: anyone }),
);

describe('RoomDirectory', () => {
  it('S3 agrees with a plain list of who is where, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const directory = new RoomDirectory();
        const model = new Map<string, Set<string>>();
        for (const each of steps) {
          if (each.does === 'put') {
            directory.put(room(each.id, each.users));
            model.set(each.id, new Set(each.users));
          } else if (each.does === 'remove') {
            directory.remove(each.id);
            model.delete(each.id);
          } else if (model.has(each.id)) {
            if (each.does === 'join') directory.addMember(each.id, member(each.user), 1);
            else directory.removeMember(each.id, each.user, 1);
            if (each.does === 'join') model.get(each.id)!.add(each.user);
            else model.get(each.id)!.delete(each.user);
          }
        }
        for (const user of PEOPLE) {
          const expected = ROOMS.filter((id) => model.get(id)?.has(user));
          expect(
            directory
              .roomsOf(user)
              .map(({ id }) => id)
              .sort(),
          ).toEqual(expected);
        }
        for (const [user, other] of PEOPLE.flatMap((a) => PEOPLE.map((b) => [a, b] as const))) {
          const together = ROOMS.some((id) => model.get(id)?.has(user) && model.get(id)?.has(other));
          expect(directory.fellow(user, other)).toBe(together ? other : undefined);
        }
        for (const id of ROOMS)
          expect(directory.named(`room  ${id}`.toUpperCase())?.id).toBe(model.has(id) ? id : undefined);
        expect(directory.sharePrivateRoom('a', 'b')).toBe(model.get('r3')?.has('a') ?? false);
        expect(directory.sharePrivateRoom('c', 'd')).toBe(false);
      }),
    );
  });

  it('S13 finds a page of ten thousand rooms without looking at the others, and none that is private', () => {
    const directory = new RoomDirectory();
    const ids = Array.from({ length: 10_000 }, (_, index) => index.toString(16).padStart(24, '0'));
    for (const id of ids) directory.put(room(id, []));
    const secret = room('f'.repeat(24), ['a']);
    const metadata = { ...secret.metadata, settings: { ...secret.metadata.settings, is_private: true } };
    directory.put({ ...secret, metadata });
    let read = 0;
    const page = [
      ...directory
        .openAfter(ids[8_999])
        .map((each) => (read++, each.id))
        .take(50),
    ];
    expect(page).toEqual(ids.slice(9_000, 9_050));
    expect(read).toBe(50);
    expect([...directory.openAfter()].map(({ id }) => id)).toEqual(ids);
    directory.remove(ids[9_000]!);
    expect([...directory.openAfter(ids[8_999]).take(1)]).toMatchObject([{ id: ids[9_001] }]);
  });

  it('makes nobody a member of a room that is not there', () => {
    const directory = new RoomDirectory();
    directory.addMember('gone', member('a'), 1);
    expect(directory.roomsOf('a')).toEqual([]);
  });
});
