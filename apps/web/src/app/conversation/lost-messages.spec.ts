import { Component, inject, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { OutboxItem } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { roomId, roomState } from '../../testing/samples';
import { Notes } from '../shared/notes';
import { Copying } from './list/copying';
import { LostMessages } from './lost-messages';

const open = signal<string | null>(null);

@Component({ selector: 'parley-test', template: '', providers: [LostMessages] })
class Page {
  constructor() {
    inject(LostMessages).follow(open);
  }
}

describe('LostMessages', () => {
  const offer = jest.fn(async () => false);
  const copy = jest.fn();
  let chat: FakeChat;

  beforeEach(() => {
    jest.clearAllMocks();
    open.set(null);
    chat = new FakeChat();
    chat.rooms.set([roomState()]);
    chat.discard.mockImplementation((clientId) =>
      chat.outbox.update((items) => items.filter(({ message }) => message.clientId !== clientId)),
    );
    TestBed.configureTestingModule({
      providers: [chat.provider, { provide: Notes, useValue: { offer } }, { provide: Copying, useValue: { copy } }],
    });
  });

  const refused: OutboxItem['error'] = { code: 'ROOM_NOT_FOUND', message: 'No.' };
  function queued(room: number, text: string, error?: OutboxItem['error']): OutboxItem {
    const message = { room: roomId(room), clientId: text, text };
    return { message, queuedAt: '2026-11-22T08:00:00.000Z', order: 1, ...(error && { error }) };
  }

  function has(...items: OutboxItem[]): void {
    chat.outbox.set(items);
    TestBed.tick();
  }

  function begin(): void {
    TestBed.createComponent(Page);
    TestBed.tick();
  }

  it('S14 S18 tells once what was not sent as its room is gone, lets it be copied, and gives it up', async () => {
    offer.mockResolvedValueOnce(true);
    begin();
    has(queued(2, 'One', refused), queued(2, 'Two'), queued(1, 'Here', refused));
    expect(offer).not.toHaveBeenCalled();
    has(queued(2, 'One', refused), queued(2, 'Two', refused), queued(1, 'Here', refused));
    expect(offer.mock.calls).toEqual([['Not sent, as the room is gone: “One”, “Two”', 'Copy text']]);
    expect(chat.outbox().map(({ message }) => message.text)).toEqual(['Here']);
    await Promise.resolve();
    expect(copy.mock.calls).toEqual([['One\n\nTwo']]);
    TestBed.tick();
    expect(offer).toHaveBeenCalledTimes(1);
  });

  it('S18 waits until the server has said which rooms there are, and somebody has left the room that is gone', () => {
    chat.state.set({ status: 'connecting' });
    open.set(roomId(2));
    begin();
    has(queued(2, 'One', refused));
    chat.state.set({ status: 'online', since: 0 });
    TestBed.tick();
    expect(chat.discard).not.toHaveBeenCalled();
    open.set(null);
    TestBed.tick();
    expect(chat.discard.mock.calls).toEqual([['One']]);
  });
});
