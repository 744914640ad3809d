import fc from 'fast-check';
import { opened } from '../testing/room-states';
import { ME, message, OTHER, reaction } from '../testing/samples';
import { reactionsOf, withReactions } from './reactions';
import { trimEntries, withEntries } from './room-state';

describe('reactions', () => {
  const set = (seq: number, emoji: string, user = OTHER, to = 1) => reaction(seq, to, { emoji, user });
  const takenBack = (seq: number, emoji: string, user = OTHER) => reaction(seq, 1, { emoji, user, on: false });

  it('F5 stand under their message: each emoji once, with its people in their order', () => {
    const entries = [message(1), set(2, '👍'), set(3, '🎉', ME), set(4, '👍', ME), set(5, '👍', ME, 9)];
    expect(reactionsOf(entries)).toEqual(
      new Map([
        [
          1,
          [
            { emoji: '👍', users: [OTHER, ME] },
            { emoji: '🎉', users: [ME] },
          ],
        ],
        [9, [{ emoji: '👍', users: [ME] }]],
      ]),
    );
  });

  it('F5 that are taken back are gone, and nothing is left of the last one', () => {
    const entries = [set(2, '👍'), set(3, '👍', ME), takenBack(4, '👍'), set(5, '🎉'), takenBack(6, '🎉')];
    expect(reactionsOf(entries)).toEqual(new Map([[1, [{ emoji: '👍', users: [ME] }]]]));
    expect(reactionsOf([...entries, takenBack(7, '👍', ME)])).toEqual(new Map());
    expect(reactionsOf([takenBack(2, '👍')])).toEqual(new Map());
  });

  it('F5 stay the same objects where nothing was said of their message', () => {
    const before = reactionsOf([set(2, '👍'), set(3, '👍', ME, 9)]);
    expect(withReactions(before, [message(4)])).toBe(before);
    const after = withReactions(before, [set(4, '🎉', ME, 9)]);
    expect(after.get(1)).toBe(before.get(1));
    expect(before.get(9)).toHaveLength(1);
  });

  it('F5 are kept with the messages that are kept, however many they are', () => {
    const many = Array.from({ length: 100 }, (_, at) => reaction(at + 4, 3, { on: at % 2 === 0 }));
    const entries = [message(1), message(2), message(3), ...many];
    const state = withEntries({ ...opened(103), base: 0, hasOlder: false }, entries);
    expect(trimEntries(state, 3)).toBe(state);
    expect(trimEntries(state, 2)).toMatchObject({ base: 1, hasOlder: true, entries: entries.slice(1) });
    expect(trimEntries(state, 0)).toMatchObject({ base: 103, entries: [] });
  });

  it('F5 come out the same, whether entries come one by one or all at once', () => {
    const entry = fc.record({
      to: fc.integer({ min: 1, max: 3 }),
      emoji: fc.constantFrom('👍', '🎉'),
      user: fc.constantFrom(ME, OTHER),
      on: fc.boolean(),
    });
    const log = fc.array(entry).map((all) => all.map(({ to, ...more }, index) => reaction(index + 4, to, more)));
    fc.assert(
      fc.property(log, (entries) => {
        const oneByOne = entries.reduce((before, one) => withReactions(before, [one]), reactionsOf([]));
        expect(oneByOne).toEqual(reactionsOf(entries));
        for (const { emoji, to, user, on } of entries.filter((one, at) => !entries.slice(at + 1).some(sayOf(one)))) {
          const users =
            reactionsOf(entries)
              .get(to)
              ?.find((under) => under.emoji === emoji)?.users ?? [];
          expect(users.includes(user)).toBe(on);
        }
      }),
    );
  });
});

/** Whether an entry says something else of the same person, message and emoji. */
function sayOf(one: ReturnType<typeof reaction>): (other: ReturnType<typeof reaction>) => boolean {
  return ({ to, emoji, user }) => to === one.to && emoji === one.emoji && user === one.user;
}
