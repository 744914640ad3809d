import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { MarkRead } from '@parley/contract';
import { FakeChat } from '../../../testing/fake-chat';
import { roomId } from '../../../testing/samples';
import { ReadMarker } from './read-marker';

describe('ReadMarker', () => {
  const read = signal<MarkRead | null>(null);
  let chat: FakeChat;

  beforeEach(() => {
    jest.useFakeTimers();
    chat = new FakeChat();
    read.set(null);
    TestBed.configureTestingModule({ providers: [ReadMarker, chat.provider] });
    TestBed.runInInjectionContext(() => TestBed.inject(ReadMarker).follow(read));
    TestBed.tick();
  });

  afterEach(() => jest.useRealTimers());

  function reads(seq: number | null): void {
    read.set(seq === null ? null : { room: roomId(1), seq });
    TestBed.tick();
  }

  it('tells at once what has been read, and nothing where nothing has', () => {
    expect(chat.markRead).not.toHaveBeenCalled();
    reads(5);
    expect(chat.markRead.mock.calls).toEqual([[roomId(1), 5]]);
  });

  it('tells once a second while more comes, and the last of it', () => {
    for (let seq = 1; seq <= 25; seq++) {
      reads(seq);
      jest.advanceTimersByTime(100);
    }
    jest.advanceTimersByTime(5_000);
    const told = chat.markRead.mock.calls.map(([, seq]) => seq);
    expect(told.length).toBeLessThanOrEqual(4);
    expect(told.at(-1)).toBe(25);
  });

  it('S16 tells the last of it also for who leaves the room at once', () => {
    reads(1);
    reads(2);
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(1_000);
    expect(chat.markRead).toHaveBeenLastCalledWith(roomId(1), 2);
  });

  it('goes on after a failure', () => {
    chat.markRead.mockRejectedValueOnce(new Error('no line'));
    reads(1);
    jest.advanceTimersByTime(2_000);
    reads(2);
    expect(chat.markRead).toHaveBeenLastCalledWith(roomId(1), 2);
  });
});
