import { LiveAnnouncer } from '@angular/cdk/a11y';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RoomState } from '@parley/sdk';
import { ME, message, roomState, system } from '../../../testing/samples';
import { Announcer } from './announcer';

const OWN = { sender: { id: ME.id, name: ME.name } };

describe('Announcer', () => {
  const announce = jest.fn();
  const state = signal<RoomState>(roomState([message(1)]));

  beforeEach(() => {
    jest.useFakeTimers();
    announce.mockClear();
    state.set(roomState([message(1)]));
    TestBed.configureTestingModule({
      providers: [Announcer, { provide: LiveAnnouncer, useValue: { announce } }],
    });
    TestBed.runInInjectionContext(() => TestBed.inject(Announcer).follow(state));
    TestBed.tick();
  });

  afterEach(() => jest.useRealTimers());

  function comes(next: RoomState): void {
    state.set(next);
    TestBed.tick();
  }

  function told(): string[] {
    return announce.mock.calls.map(([text]) => text);
  }

  it('reads a new message out, with its author', () => {
    comes(roomState([message(1), message(2)]));
    jest.advanceTimersByTime(500);
    expect(told()).toEqual(['Bình Trần: Message 2']);
  });

  it('says how many there are where there are many, and no more often than every two seconds', () => {
    const entries = [message(1)];
    for (let seq = 2; seq <= 41; seq++) {
      entries.push(message(seq));
      comes(roomState([...entries]));
      jest.advanceTimersByTime(100);
    }
    jest.advanceTimersByTime(2_000);
    expect(told()).toHaveLength(3);
    expect(told()[1]).toBe('20 new messages');
    jest.advanceTimersByTime(60_000);
    expect(told()).toHaveLength(3);
  });

  it('is silent about one’s own messages, what happens to the room, and older pages', () => {
    comes(roomState([message(1), message(2, OWN), system(3)]));
    const older = Array.from({ length: 10 }, (_, at) => message(at + 1));
    comes({ ...roomState(older), base: -9, entries: [...older, message(2, OWN), system(3)] });
    jest.advanceTimersByTime(60_000);
    expect(told()).toEqual([]);
  });

  it('is silent about another room that is opened', () => {
    comes(roomState([message(1), message(2)]));
    const other = roomState([message(1), message(2), message(3)]);
    comes({ ...other, room: { ...other.room, id: 'another' } });
    jest.advanceTimersByTime(60_000);
    expect(told()).toEqual([]);
  });
});
