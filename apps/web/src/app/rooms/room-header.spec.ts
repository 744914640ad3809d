import { TestBed } from '@angular/core/testing';
import type { PersonPresence } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { Page } from '../../testing/page';
import { personId, privateChat, roomId, roomState } from '../../testing/samples';
import { RoomHeader } from './room-header';

describe('RoomHeader', () => {
  let chat: FakeChat;

  beforeEach(() => {
    chat = new FakeChat();
    TestBed.configureTestingModule({ providers: [chat.provider] });
  });

  const header = (state: RoomState) => Page.of(RoomHeader, { state, isDetailed: false });
  const isNow = (presence: PersonPresence['presence'], since?: string) =>
    chat.people.set(new Map([[personId(2), { user: personId(2), presence, ...(since && { since }) }]]));

  it('F4 says of a private chat how the other one is, and what it is while that is not known', async () => {
    const page = await header(privateChat(2, 'Bình'));
    expect(page.texts('p')).toEqual(['Private chat']);
    isNow('online');
    await page.settled();
    expect(page.texts('p')).toEqual(['Online']);
    expect(page.find('parley-avatar').dataset['presence']).toBe('online');
    isNow('offline', new Date(Date.now() - 3.1 * 3_600_000).toISOString());
    await page.settled();
    expect(page.texts('p')).toEqual(['Last seen 3 hours ago']);
    expect(page.find('parley-avatar').dataset['presence']).toBeUndefined();
  });

  it('F4 says who is typing in place of that, of a group with names', async () => {
    isNow('busy');
    const typist = { id: personId(2), name: 'Bình' };
    const talk = await header(privateChat(2, 'Bình'));
    const group = await header(roomState([], { id: roomId(3), user_count: 4 }));
    expect([talk.texts('p'), group.texts('p')]).toEqual([['Busy'], ['Group · 4 members']]);
    chat.typistsIn.set(new Map([roomId(2), roomId(3)].map((room) => [room, [typist]])));
    await talk.settled();
    await group.settled();
    expect([talk.texts('p'), group.texts('p')]).toEqual([['typing…'], ['Bình is typing…']]);
  });
});
