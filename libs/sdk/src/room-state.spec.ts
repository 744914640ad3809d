import { messages, opened, seqs } from '../testing/room-states';
import { ME, message, moment, myRoom, system } from '../testing/samples';
import {
  applyEntries,
  applyOlder,
  applyOutbox,
  applyReading,
  applyReadMark,
  applyRoom,
  applySynced,
  head,
  isOutdated,
  missingAfter,
  removeRoom,
  resumeRoom,
  trimEntries,
  type PendingMessage,
} from './room-state';

describe('entries', () => {
  it('start with the newest one of the room', () => {
    expect(opened(7)).toMatchObject({ base: 6, hasOlder: true, entries: [{ seq: 7 }], held: [] });
    expect(opened(1)).toMatchObject({ base: 0, hasOlder: false });
    expect(opened(0)).toMatchObject({ base: 0, hasOlder: false, entries: [] });
  });

  it('are appended in their order', () => {
    const state = applyEntries(opened(1), [message(3), message(2)]);
    expect(seqs(state.entries)).toEqual([1, 2, 3]);
    expect(state.room).toMatchObject({ seq: 3, last: { seq: 3 } });
  });

  it('are ignored when they are known: the state is the same object', () => {
    const state = applyEntries(opened(1), [message(2)]);
    expect(applyEntries(state, [message(1), message(2)])).toBe(state);
  });

  it('are held behind a gap, until it is filled', () => {
    const gap = applyEntries(opened(1), [message(4), message(3), message(6)]);
    expect(seqs(gap.entries)).toEqual([1]);
    expect(missingAfter(gap)).toBe(1);
    const half = applyEntries(gap, [message(2)]);
    expect(seqs(half.entries)).toEqual([1, 2, 3, 4]);
    expect(missingAfter(half)).toBe(4);
    const whole = applyEntries(half, [message(5)]);
    expect(seqs(whole.entries)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(missingAfter(whole)).toBeNull();
  });

  it('older ones are put before, and only where they fit', () => {
    const state = opened(10);
    const page = applyOlder(state, { entries: messages(6, 9), more: true });
    expect(seqs(page.entries)).toEqual([6, 7, 8, 9, 10]);
    expect(page.hasOlder).toBe(true);
    expect(applyOlder(page, { entries: messages(1, 3), more: false })).toBe(page);
    expect(applyOlder(page, { entries: [message(2), message(5)], more: false })).toBe(page);
    expect(applyOlder(page, { entries: messages(1, 5), more: false })).toMatchObject({ base: 0, hasOlder: false });
    expect(applyOlder(page, { entries: [], more: false }).hasOlder).toBe(false);
  });

  it('can be forgotten but for the newest', () => {
    const state = trimEntries(applyEntries(opened(0), messages(1, 10)), 3);
    expect(state).toMatchObject({ base: 7, hasOlder: true });
    expect(seqs(state.entries)).toEqual([8, 9, 10]);
    expect(applyEntries(state, [message(11)]).room.unread).toBe(11);
    expect(trimEntries(state, 3)).toBe(state);
  });
});

describe('what was missed', () => {
  it('is told by a room that is ahead', () => {
    const state = applyRoom(opened(3), myRoom(8));
    expect(missingAfter(state)).toBe(3);
    expect(missingAfter(applySynced(state, { reset: false, entries: messages(4, 8) }))).toBeNull();
  });

  it('starts over with a reset, and keeps what came after it', () => {
    const held = applyEntries(opened(3), [message(31), message(40)]);
    const state = applySynced(held, { reset: true, entries: messages(21, 30) });
    expect(seqs(state.entries)).toEqual(seqs(messages(21, 31)));
    expect(seqs(state.held)).toEqual([40]);
    expect(state.hasOlder).toBe(true);
    expect(isOutdated(state)).toBe(true);
    expect(applyRoom(state, myRoom(31, { user_count: 9 })).room).toMatchObject({ seq: 31, user_count: 9 });
  });

  it('is nothing when the log of the server is behind: no gap stays open for ever', () => {
    const state = applySynced(opened(50), { reset: true, entries: messages(1, 5) });
    expect(head(state)).toBe(5);
    expect(missingAfter(state)).toBeNull();
  });

  it('may be too much to tell: the newest entry is left', () => {
    const state = applySynced(applyEntries(opened(3), [message(4), message(6)]), { reset: true, entries: [] });
    expect(state).toMatchObject({ base: 3, entries: [{ seq: 4 }], held: [{ seq: 6 }], hasOlder: true });
    expect(applySynced(opened(0), { reset: true, entries: [] })).toMatchObject({
      base: 0,
      entries: [],
      hasOlder: false,
    });
  });

  it('is everything where the server has forgotten', () => {
    const pending = { message: { room: 'r1', clientId: 'c1', text: 'Hi' }, queuedAt: moment(1) };
    const ahead = applyOutbox(opened(50), { type: 'queued', room: 'r1', clientId: 'c1', pending });
    expect(resumeRoom(ahead, myRoom(7))).toEqual({ ...opened(7), pending: [pending] });
    expect(resumeRoom(opened(50), myRoom(50, { name: 'New' })).room.name).toBe('New');
  });

  it('can be that the membership is over', () => {
    const state = applySynced(applyEntries(opened(1), [message(5)]), { gone: true });
    expect(state).toMatchObject({ gone: 'left', held: [] });
    expect(missingAfter(state)).toBeNull();
    expect(applyEntries(state, [message(2)])).toBe(state);
  });
});

describe('unread', () => {
  it('counts the messages of others, up to what the server counts', () => {
    const own = message(2, { sender: ME });
    const state = applyEntries(opened(1), [own, system(3, 'join'), message(4)]);
    expect(state.room.unread).toBe(1);
    expect(applyEntries(state, messages(5, 300)).room.unread).toBe(100);
  });

  it('is counted anew when the mark moves on, and the mark never moves back', () => {
    const state = applyEntries(opened(1), messages(2, 9));
    const read = applyReadMark(state, { room: 'r1', read: 7, unread: 99 });
    expect(read.room).toMatchObject({ read: 7, unread: 2 });
    expect(applyReadMark(read, { room: 'r1', read: 3, unread: 6 })).toBe(read);
  });

  it('is what the server says where the entries do not reach', () => {
    const state = opened(50, { read: 1, unread: 49 });
    expect(applyReadMark(state, { room: 'r1', read: 20, unread: 30 }).room.unread).toBe(30);
  });

  it('is known at once of what was read here, where the entries tell', () => {
    const state = applyEntries(opened(1), messages(2, 9));
    expect(applyReading(state, 7).room).toMatchObject({ read: 7, unread: 2 });
    expect(applyReading(applyReading(state, 7), 3).room).toMatchObject({ read: 7, unread: 2 });
    const partly = opened(50, { read: 1, unread: 49 });
    expect(applyReading(partly, 20)).toBe(partly);
  });

  it('said before a break and only heard of after it, is counted from what has come since', () => {
    const read = applyReading(opened(1, { read: 0, unread: 1 }), 1);
    const back = resumeRoom(read, myRoom(5, { read: 0, unread: 5 }));
    const whole = applySynced(back, { reset: false, entries: messages(2, 5) });
    const marked = applyReadMark(whole, { room: 'r1', read: 1, unread: 4 });
    expect(marked.room).toMatchObject({ read: 1, unread: 4 });
    expect(applyReadMark(marked, { room: 'r1', read: 1, unread: 4 })).toBe(marked);
  });

  it('keeps the further mark when a room is fetched', () => {
    const state = applyReadMark(applyEntries(opened(1), messages(2, 9)), { room: 'r1', read: 9, unread: 0 });
    expect(applyRoom(state, myRoom(9, { read: 5, unread: 4 })).room).toMatchObject({ read: 9, unread: 0 });
    expect(applyRoom(state, myRoom(8, { name: 'Old' }))).toBe(state);
  });
});

describe('messages in the outbox', () => {
  const pending: PendingMessage = { message: { room: 'r1', clientId: 'c1', text: 'Hi' }, queuedAt: moment(1) };
  const about = { room: 'r1', clientId: 'c1' };
  const posted = { room: 'r1', seq: 2, id: 'e2', at: moment(2) };
  const queued = applyOutbox(opened(1), { type: 'queued', ...about, pending });
  const own = message(2, { sender: ME, clientId: 'c1' });

  it('are pending until their entry comes', () => {
    expect(queued.pending).toEqual([pending]);
    expect(applyEntries(queued, [message(2)]).pending).toEqual([pending]);
    expect(applyEntries(queued, [own]).pending).toEqual([]);
  });

  it('stay shown between the reply and the entry', () => {
    const state = applyOutbox(queued, { type: 'posted', ...about, posted });
    expect(state.pending).toEqual([{ ...pending, posted }]);
    expect(applyEntries(state, [own]).pending).toEqual([]);
    expect(applyOutbox(applyEntries(queued, [message(2)]), { type: 'posted', ...about, posted }).pending).toEqual([]);
  });

  it('fail, are tried again, and are discarded', () => {
    const error = { code: 'NOT_A_MEMBER' as const, message: 'Join first.' };
    const failed = applyOutbox(queued, { type: 'failed', ...about, error });
    expect(failed.pending).toEqual([{ ...pending, error }]);
    expect(applyOutbox(failed, { type: 'queued', ...about, pending }).pending).toEqual([pending]);
    expect(applyOutbox(failed, { type: 'discarded', ...about }).pending).toEqual([]);
  });

  it('are not pending when their entry is there already', () => {
    const state = applyEntries(opened(1), [own]);
    expect(applyOutbox(state, { type: 'queued', ...about, pending })).toBe(state);
  });

  it('of another person with the same name stay apart', () => {
    expect(applyEntries(queued, [message(2, { clientId: 'c1' })]).pending).toEqual([pending]);
  });
});

it('a room that is gone keeps what was known', () => {
  const gone = removeRoom(applyEntries(opened(1), [message(2)]), 'deleted');
  expect(gone).toMatchObject({ gone: 'deleted', entries: [{ seq: 1 }, { seq: 2 }] });
  expect(removeRoom(gone, 'left')).toBe(gone);
});
