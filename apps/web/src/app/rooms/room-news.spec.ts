import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Component, inject, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FakeChat } from '../../testing/fake-chat';
import { roomId, roomState } from '../../testing/samples';
import { PageTitle } from '../shared/page-title';
import { RoomNews } from './room-news';

const open = signal<string | null>(null);

@Component({ selector: 'parley-test', template: '', providers: [RoomNews] })
class Page {
  constructor() {
    inject(RoomNews).follow(open);
  }
}

describe('RoomNews', () => {
  const chat = new FakeChat();
  const announce = jest.fn(async () => {});
  const showUnread = jest.fn();

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
    open.set(roomId(1));
    TestBed.configureTestingModule({
      providers: [
        chat.provider,
        { provide: LiveAnnouncer, useValue: { announce } },
        { provide: PageTitle, useValue: { showUnread } },
      ],
    });
    unread(0, 2);
  });
  afterEach(() => jest.useRealTimers());

  function unread(tea: number, books: number): void {
    chat.rooms.set([roomState([], { unread: tea }), roomState([], { id: roomId(2), name: 'Books', unread: books })]);
    TestBed.tick();
  }

  function begin() {
    const fixture = TestBed.createComponent(Page);
    TestBed.tick();
    return fixture;
  }

  it('S16 shows in the title how much is unread, and nothing when the page is left', () => {
    const fixture = begin();
    unread(3, 4);
    expect(showUnread.mock.calls.flat()).toEqual([2, 7]);
    fixture.destroy();
    expect(showUnread).toHaveBeenLastCalledWith(0);
  });

  it('tells of other rooms, together and once in a while', () => {
    begin();
    unread(0, 3);
    unread(0, 4);
    expect(announce).not.toHaveBeenCalled();
    jest.advanceTimersByTime(3_000);
    expect(announce.mock.calls).toEqual([['2 new messages in Books', 'polite']]);
  });

  it('does not tell of what was there before, of the open room, or of what is read', () => {
    begin();
    unread(5, 2);
    unread(0, 0);
    jest.advanceTimersByTime(10_000);
    expect(announce).not.toHaveBeenCalled();
  });

  it('tells of a room that is new', () => {
    begin();
    chat.rooms.update((rooms) => [...rooms, roomState([], { id: roomId(3), name: 'Trip', unread: 1 })]);
    TestBed.tick();
    jest.advanceTimersByTime(3_000);
    expect(announce.mock.calls).toEqual([['New message in Trip', 'polite']]);
  });
});
