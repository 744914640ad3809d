import { LIMITS, type LogEntry } from '@parley/contract';
import { ME, message, reaction, roomState } from '../../../testing/samples';
import { hasUnreadAbove, wantsMore } from './opening';

function room(entries: number, given: { hasOlder?: boolean; unread?: number } = {}) {
  const { hasOlder = true, unread = 0 } = given;
  const all = Array.from({ length: entries }, (_, at) => message(1_001 + at));
  return { ...roomState(all, { unread }), base: 1_000, hasOlder };
}

describe('A room that is being opened', () => {
  it('wants a screenful', () => {
    expect(wantsMore(room(1), null)).toBe(true);
    expect(wantsMore(room(29), null)).toBe(true);
    expect(wantsMore(room(30), null)).toBe(false);
  });

  it('F5 wants a screenful of messages, whatever was said of them, but not for ever', () => {
    const reactions = (count: number) => {
      const all = Array.from({ length: count }, (_, at) => reaction(1_001 + at, 1));
      return { ...roomState(all), base: 1_000, hasOlder: true };
    };
    expect(wantsMore(reactions(999), null)).toBe(true);
    expect(wantsMore(reactions(1_000), null)).toBe(false);
  });

  it('wants no more than there is', () => {
    expect(wantsMore(room(1, { hasOlder: false }), null)).toBe(false);
  });

  it('wants to reach back to where reading ended, unless that is far away', () => {
    expect(wantsMore(room(50, { unread: 60 }), 990)).toBe(true);
    expect(wantsMore(room(50, { unread: 60 }), 1_000)).toBe(false);
    expect(wantsMore(room(200, { unread: 100 }), 10)).toBe(true);
    expect(wantsMore(room(1_000, { unread: 100 }), 10)).toBe(false);
    expect(wantsMore(room(50, { unread: 0 }), 990)).toBe(false);
  });

  it('S18 knows whether unread messages are above what is loaded', () => {
    const { room: summary, ...rest } = room(50, { unread: 60 });
    const read = (seq: number) => ({ ...rest, room: { ...summary, read: seq } });
    expect([999, 1_000].map((seq) => hasUnreadAbove(read(seq)))).toEqual([true, false]);
    expect(hasUnreadAbove(room(50, { unread: 0 }))).toBe(false);
  });

  it('S18 says nothing of unread messages above where all of them are loaded', () => {
    const before = (entries: LogEntry[], unread: number) => {
      const { room: summary, ...rest } = roomState(entries, { unread });
      return { ...rest, room: { ...summary, read: 10 }, base: 1_000, hasOlder: true };
    };
    const own = message(1_002, { sender: ME });
    expect(hasUnreadAbove(before([message(1_001), own, reaction(1_003, 1_001)], 1))).toBe(false);
    expect(hasUnreadAbove(before([message(1_001), own, reaction(1_003, 1_001)], 2))).toBe(true);
    const many = Array.from({ length: LIMITS.unreadCounted }, (_, at) => message(1_001 + at));
    expect(hasUnreadAbove(before(many, LIMITS.unreadCounted - 1))).toBe(false);
    expect(hasUnreadAbove(before(many, LIMITS.unreadCounted))).toBe(true);
  });
});
