import type { LogEntry } from '@parley/contract';
import { applyEntries, type PendingMessage, type RoomState } from '@parley/sdk';
import * as fc from 'fast-check';
import { ME, message, reaction, roomId, roomState, system } from '../../../testing/samples';
import { isSameRow, type MessageRow, type Row, Rows } from './rows';

const AN = { id: ME.id, name: ME.name };
const CUONG = { id: 'c'.repeat(24), name: 'Cường Lê' };

function at(minute: number, day = 22): string {
  return new Date(2026, 10, day, 9, minute).toISOString();
}

function pending(clientId: string, given: Partial<PendingMessage> = {}): PendingMessage {
  return { message: { room: roomId(1), clientId, text: 'on its way' }, queuedAt: at(30), ...given };
}

function all(state: RoomState, unreadAfter: number | null = null): Row[] {
  const rows = new Rows(state, unreadAfter);
  const numbers = Array.from({ length: rows.range.end - rows.range.first }, (_, index) => rows.range.first + index);
  return numbers.flatMap((number) => rows.at(number) ?? []);
}

/** For each row `(` where a group begins, `)` where it ends. */
function groups(state: RoomState, unreadAfter: number | null = null): string {
  const marks = ({ startsGroup, endsGroup }: MessageRow): string => `${startsGroup ? '(' : ''}.${endsGroup ? ')' : ''}`;
  return all(state, unreadAfter)
    .map((row) => (row.type === 'message' ? marks(row) : '|'))
    .join('');
}

describe('Rows', () => {
  it('F5 show reactions under their message, and not as rows that part what belongs together', () => {
    const entries = [
      message(1, { at: at(0) }),
      reaction(2, 1, { at: at(1) }),
      message(3, { at: at(1) }),
      reaction(4, 3, { at: at(1) }),
    ];
    const state = roomState(entries);
    expect(groups(state)).toBe('(..)');
    expect(all(state).map((row) => row.type === 'message' && row.reactions[0]?.emoji)).toEqual(['👍', '👍']);
    const rows = new Rows(state, 1);
    expect([rows.firstUnread, rows.textAt(2), rows.at(2)]).toEqual([3, undefined, undefined]);
    expect(new Rows(state, 3).firstUnread).toBeNull();
  });

  it('F5 are the same where nothing was said of their message', () => {
    const before = roomState([message(1), message(2), reaction(3, 1)]);
    const after = applyEntries(before, [reaction(4, 2)]);
    const isSame = (index: number): boolean => isSameRow(all(before)[index]!, all(after)[index]!);
    expect([isSame(0), isSame(1)]).toEqual([true, false]);
  });

  it('keeps what one author says in one go together', () => {
    const entries = [
      message(1, { at: at(0) }),
      message(2, { at: at(4) }),
      message(3, { at: at(5), sender: CUONG }),
      message(4, { at: at(6) }),
    ];
    expect(groups(roomState(entries))).toBe('(..)(.)(.)');
  });

  it('parts what is more than five minutes apart', () => {
    const entries = [message(1, { at: at(0) }), message(2, { at: at(5) }), message(3, { at: at(11) })];
    expect(groups(roomState(entries))).toBe('(..)(.)');
  });

  it('parts at midnight, and at what happens to the room', () => {
    const entries = [
      message(1, { at: new Date(2026, 10, 21, 23, 59).toISOString() }),
      message(2, { at: new Date(2026, 10, 22, 0, 1).toISOString() }),
      system(3, { at: new Date(2026, 10, 22, 0, 2).toISOString() }),
      message(4, { at: new Date(2026, 10, 22, 0, 2).toISOString() }),
    ];
    expect(groups(roomState(entries))).toBe('(.)(.)|(.)');
  });

  it('begins each day, the first one too unless there is more before it', () => {
    const entries = [message(1, { at: at(0, 20) }), message(2, { at: at(1, 20) }), message(3, { at: at(0, 22) })];
    const starts = (state: RoomState): boolean[] => all(state).map(({ startsDay }) => startsDay);
    expect(starts(roomState(entries))).toEqual([true, false, true]);
    expect(starts({ ...roomState(entries), hasOlder: true })).toEqual([false, false, true]);
  });

  it('has the divider before the first message of others after the mark', () => {
    const entries = [
      message(1, { at: at(0) }),
      message(2, { at: at(0), sender: AN }),
      system(3, { at: at(0) }),
      message(4, { at: at(0) }),
      message(5, { at: at(0) }),
    ];
    const rows = new Rows(roomState(entries), 1);
    expect(rows.firstUnread).toBe(4);
    expect(all(roomState(entries), 1).map(({ startsUnread }) => startsUnread)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(groups(roomState(entries), 4)).toBe('(.)(.)|(.)(.)');
  });

  it.each([
    ['everything is read', 3],
    ['there is no mark', null],
  ])('has no divider where %s', (_why, mark) => {
    const entries = [message(1), message(2), message(3, { sender: AN })];
    expect(new Rows(roomState(entries), mark).firstUnread).toBeNull();
  });

  it('has no divider where what was read last is not loaded', () => {
    const state = { ...roomState([]), base: 10, entries: [message(11), message(12)], hasOlder: true };
    expect(new Rows(state, 5).firstUnread).toBeNull();
    expect(new Rows(state, 10).firstUnread).toBe(11);
  });

  it('shows what is on its way behind the log, and what becomes of it', () => {
    const error = { code: 'FORBIDDEN', message: 'no' } as const;
    const posted = { room: roomId(1), seq: 9, id: 'e9', at: at(30) };
    const waiting = [pending('one'), pending('two', { error }), pending('three', { posted })];
    const rows = all({ ...roomState([message(1, { at: at(29) })]), pending: waiting }) as MessageRow[];
    expect(rows.map(({ key, delivery, isOwn }) => [key, delivery, isOwn])).toEqual([
      ['1', 'sent', false],
      ['one', 'waiting', true],
      ['two', 'failed', true],
      ['three', 'sent', true],
    ]);
  });

  it('keeps the key of a message of one’s own when it gets its place', () => {
    const before = all({ ...roomState([message(1)]), pending: [pending('mine')] });
    const after = all(roomState([message(1), message(2, { sender: AN, clientId: 'mine' })]));
    expect(before.at(-1)?.key).toBe('mine');
    expect(after.at(-1)?.key).toBe('mine');
  });

  it('shows the same of any log, in whatever pages it was loaded', () => {
    const author = fc.constantFrom(AN, CUONG, message(1).sender);
    const log = fc.array(fc.tuple(author, fc.nat({ max: 600 }), fc.boolean()), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(log, fc.nat(), (drafts, cut) => {
        let minute = 0;
        const entries = drafts.map(([sender, pause, isMessage], index): LogEntry => {
          const given = { at: new Date(2026, 10, 22, 0, (minute += pause)).toISOString() };
          return isMessage ? message(index + 1, { sender, ...given }) : system(index + 1, given);
        });
        const whole = all(roomState(entries));
        const base = cut % (entries.length - 1);
        const part = all({ ...roomState(entries), base, entries: entries.slice(base), hasOlder: base > 0 });
        // The first row of a part does not know what is before it.
        part.slice(1).forEach((row, index) => expect(isSameRow(row, whole[base + index + 1]!)).toBe(true));
      }),
    );
  });
});
