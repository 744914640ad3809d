import { signal } from '@angular/core';
import type { LogEntry } from '@parley/contract';
import { applyEntries } from '@parley/sdk';
import { message, reaction, roomState } from '../../../testing/samples';
import { ListView } from './list-view';
import { RowHeights } from './row-heights';
import { Rows } from './rows';

const LOG: readonly LogEntry[] = Array.from({ length: 5_000 }, (_, at) => message(at + 1));

function rows(first: number, end: number): Rows {
  return new Rows({ ...roomState(LOG.slice(first - 1, end - 1)), base: first - 1, hasOlder: first > 1 }, null);
}

describe('ListView', () => {
  it('renders what is seen and somewhat more, and leaves room for the others', () => {
    const heights = new RowHeights();
    const view = new ListView(signal(rows(1, 5_001)), heights);
    view.look(0, 800);
    const { first, end } = view.window();
    expect(end).toBe(5_001);
    expect(end - first).toBeLessThan(50);
    expect(view.under()).toBe(0);
    expect(view.above()).toBe(heights.between(1, first));
    expect(view.rendered().map(({ number }) => number)).toEqual(
      Array.from({ length: end - first }, (_, at) => first + at),
    );
  });

  it('keeps what is seen in its place when an older page comes', () => {
    const shown = signal(rows(4_001, 5_001));
    const view = new ListView(shown, new RowHeights());
    view.look(10_000, 800);
    const before = view.rendered();
    shown.set(rows(3_951, 5_001));
    expect(view.rendered().map(({ row }) => row.key)).toEqual(before.map(({ row }) => row.key));
    expect(view.rendered().every((one, at) => one === before[at])).toBe(true);
  });

  it('S18 renders what is seen, however many messages come below it at once', () => {
    const shown = signal(rows(3_001, 4_001));
    const view = new ListView(shown, new RowHeights());
    view.look(10_000, 800);
    view.measured();
    const before = view.rendered().map(({ row }) => row.key);
    shown.set(rows(3_001, 4_501));
    expect(view.rendered().map(({ row }) => row.key)).toEqual(before);
  });

  it('F5 leaves no hole where a reaction takes the number of a message that waits', () => {
    const state = roomState(LOG.slice(0, 10));
    const waits = { message: { room: state.room.id, clientId: 'c', text: 'soon' }, queuedAt: message(11).at };
    const shown = signal(new Rows({ ...state, pending: [waits] }, null));
    const heights = new RowHeights();
    const view = new ListView(shown, heights);
    view.look(0, 800);
    view.rendered();
    heights.set(11, 80);
    shown.set(new Rows({ ...applyEntries(state, [reaction(11, 1)]), pending: [waits] }, null));
    expect(view.rendered().map(({ number }) => number)).not.toContain(11);
    expect([heights.of(11), heights.of(12) > 0]).toEqual([0, true]);
  });

  it('S18 follows the messages that come, however many at once, where the end is seen', () => {
    const shown = signal(rows(3_001, 4_001));
    const view = new ListView(shown, new RowHeights());
    view.look(0, 800);
    shown.set(rows(3_001, 4_501));
    expect(view.rendered().at(-1)?.number).toBe(4_500);
  });

  it('S18 renders what the scroller shows, where a long absence has put other rows in the place of all', () => {
    const shown = signal(rows(1_001, 2_001));
    const view = new ListView(shown, new RowHeights());
    view.look(1_000, 800);
    view.measured();
    shown.set(rows(4_901, 5_001));
    const [first, last] = [view.rendered()[0]!.number, view.rendered().at(-1)!.number];
    expect(view.heightFrom(first)).toBeGreaterThanOrEqual(1_800);
    expect(view.heightFrom(last + 1)).toBeLessThanOrEqual(1_000);
  });

  it('makes nothing anew of rows that have not changed when a new one comes', () => {
    const shown = signal(rows(4_001, 5_000));
    const view = new ListView(shown, new RowHeights());
    view.look(0, 800);
    const before = new Set(view.rendered());
    shown.set(rows(4_001, 5_001));
    const fresh = view.rendered().filter((one) => !before.has(one));
    // The new one, and the one before it, which may not end its group any more.
    expect(fresh.map(({ number }) => number)).toEqual([4_999, 5_000]);
  });

  it('renders other rows when heights turn out to be others', () => {
    const heights = new RowHeights();
    const view = new ListView(signal(rows(1, 5_001)), heights);
    view.look(0, 800);
    const { first } = view.window();
    for (const { number } of view.rendered()) heights.set(number, 10);
    view.measured();
    expect(view.window().first).toBeLessThan(first);
  });

  it('knows when little is left above', () => {
    const view = new ListView(signal(rows(4_900, 5_001)), new RowHeights());
    expect(view.isNearBeginning()).toBe(false);
    view.look(0, 800);
    expect(view.isNearBeginning()).toBe(false);
    view.look(3_000, 800);
    expect(view.isNearBeginning()).toBe(true);
  });

  it('does little for a new message among 100,000', () => {
    const log = Array.from({ length: 100_000 }, (_, at) => message(at + 1));
    const state = roomState(log);
    const shown = signal(new Rows(state, null));
    const heights = new RowHeights();
    const view = new ListView(shown, heights);
    view.look(0, 800);
    view.rendered();
    const asked = jest.spyOn(heights, 'of');
    shown.set(new Rows({ ...state, entries: [...log, message(100_001)] }, null));
    expect(view.rendered().at(-1)?.number).toBe(100_001);
    expect(asked.mock.calls.length).toBeLessThan(10);
  });
});
