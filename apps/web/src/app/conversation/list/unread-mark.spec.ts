import { followingMark, openingMark, type Reading } from './unread-mark';

function reading(given: Partial<Reading>): Reading {
  return { seq: 10, read: 10, unread: 0, isVisible: true, isOnline: true, ...given };
}

describe('The mark of new messages', () => {
  it('is where reading ended when the room was opened, and stays there while it is read on', () => {
    const mark = followingMark(openingMark({ read: 4 }), reading({ read: 4, unread: 6 }));
    expect(mark).toBe(4);
    expect(followingMark(mark, reading({ read: 10 }))).toBe(4);
    expect(followingMark(mark, reading({ seq: 20, read: 20 }))).toBe(4);
  });

  it('is not set by what comes before one’s eyes', () => {
    const mark = followingMark(openingMark({ read: 10 }), reading({}));
    expect(mark).toBeNull();
    expect(followingMark(mark, reading({ seq: 12, unread: 2 }))).toBeNull();
  });

  it('S16 is not set by an answer that comes before one’s eyes, where one’s own messages were the last', () => {
    const opened = followingMark(openingMark({ read: 4 }), reading({ read: 4 }));
    expect(followingMark(opened, reading({ seq: 11, read: 4, unread: 1 }))).toBeNull();
    const down = followingMark(null, reading({ isOnline: false }));
    const written = followingMark(down, reading({ seq: 11 }));
    expect(followingMark(written, reading({ seq: 12, unread: 1 }))).toBeNull();
  });

  it('is set by what comes while the page is not looked at', () => {
    const away = followingMark(null, reading({ isVisible: false }));
    expect(away).toBe(10);
    const meanwhile = followingMark(away, reading({ seq: 12, unread: 2, isVisible: false }));
    expect(meanwhile).toBe(10);
    expect(followingMark(meanwhile, reading({ seq: 12, unread: 2 }))).toBe(10);
  });

  it('is gone again when nothing came meanwhile', () => {
    expect(followingMark(followingMark(null, reading({ isVisible: false })), reading({}))).toBeNull();
  });

  it('is set by what was missed while the line was down, also before it is up for the first time', () => {
    const down = followingMark(null, reading({ isOnline: false }));
    expect(followingMark(down, reading({ seq: 13, unread: 3 }))).toBe(10);
    const opened = followingMark(openingMark({ read: 10 }), reading({ isOnline: false }));
    expect(followingMark(opened, reading({ seq: 13, unread: 3 }))).toBe(10);
  });

  it('does not move when the line blinks', () => {
    expect(followingMark(4, reading({ isOnline: false }))).toBe(4);
  });

  it('moves for who goes away having read everything, not for who has not', () => {
    expect(followingMark(4, reading({ isVisible: false }))).toBe(10);
    expect(followingMark(4, reading({ read: 6, unread: 4, isVisible: false }))).toBe(4);
  });
});
