import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { FakeChat } from '../../testing/fake-chat';
import { Page } from '../../testing/page';
import { message, personId, privateChat, roomId, roomState } from '../../testing/samples';
import { RoomDialogs } from './room-dialogs';
import { RoomList } from './room-list';

const TITLE = 'li .title';

describe('RoomList', () => {
  const chat = new FakeChat();
  const dialogs = { browse: jest.fn(), newGroup: jest.fn() };
  const room = (number: number, given: Parameters<typeof roomState>[1] = {}) =>
    roomState([message(1, { room: roomId(number) })], { id: roomId(number), name: `Room ${number}`, ...given });

  beforeAll(() => (Element.prototype.scrollTo = jest.fn()));

  beforeEach(() => {
    chat.isLoaded.set(true);
    chat.state.set({ status: 'online', since: 0 });
    chat.rooms.set([room(1), room(2), room(3)]);
    TestBed.configureTestingModule({
      providers: [provideRouter([]), chat.provider, { provide: RoomDialogs, useValue: dialogs }],
    });
  });

  const list = (open: string | null = null) => Page.of(RoomList, { open });
  const focused = () => document.activeElement?.closest('[data-room]')?.getAttribute('data-room');

  async function press(page: Page<RoomList>, key: string): Promise<void> {
    const target = page.element.querySelector('a[tabindex="0"]');
    target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await page.settled();
  }

  it('S16 shows rooms in their order, and marks the open one', async () => {
    const page = await list(roomId(2));
    expect(page.texts(TITLE)).toEqual(['Room 1', 'Room 2', 'Room 3']);
    expect(page.texts('[aria-current=page] .title')).toEqual(['Room 2']);
  });

  it.each([
    [7, '7', '7 unread messages'],
    [99, '99', '99 unread messages'],
    [100, '99+', 'more than 99 unread messages'],
  ])('S16 counts %i unread messages as %s', async (unread, shown, said) => {
    chat.rooms.set([room(1, { unread })]);
    const page = await list();
    expect(page.texts('.count > [aria-hidden]')).toEqual([shown]);
    expect(page.texts('.count > .unseen')).toEqual([said]);
  });

  it('S16 follows what comes in, with the same elements', async () => {
    const page = await list();
    const second = page.find(`[data-room="${roomId(2)}"]`);
    chat.rooms.set([room(2, { unread: 1 }), room(1), room(3)]);
    await page.settled();
    expect(page.texts(TITLE)).toEqual(['Room 2', 'Room 1', 'Room 3']);
    expect(page.find(`[data-room="${roomId(2)}"]`)).toBe(second);
  });

  it('S16 is one stop for Tab: the open room; arrows, Home and End go on from there', async () => {
    const page = await list(roomId(2));
    document.body.append(page.element);
    expect(page.texts('a[tabindex="0"] .title')).toEqual(['Room 2']);
    await press(page, 'ArrowDown');
    expect(focused()).toBe(roomId(3));
    await press(page, 'ArrowDown');
    expect(focused()).toBe(roomId(3));
    await press(page, 'Home');
    expect(focused()).toBe(roomId(1));
    await press(page, 'End');
    await press(page, 'ArrowUp');
    expect(focused()).toBe(roomId(2));
    page.element.remove();
  });

  it('S16 takes the next key on the room that an arrow has just gone to', async () => {
    const page = await list(roomId(1));
    document.body.append(page.element);
    page.find(`[data-room="${roomId(1)}"] a`).focus();
    for (const room of [2, 3]) {
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
      expect(focused()).toBe(roomId(room));
    }
    page.element.remove();
  });

  it('keeps the focus on a room that moves', async () => {
    const page = await list();
    document.body.append(page.element);
    page.find(`[data-room="${roomId(3)}"] a`).focus();
    chat.rooms.set([room(3), room(1), room(2)]);
    await page.settled();
    expect(focused()).toBe(roomId(3));
    page.element.remove();
  });

  it('has no more rows than are seen, however many rooms there are', async () => {
    chat.rooms.set(Array.from({ length: 1_000 }, (_, at) => room(at + 1)));
    const page = await list();
    expect(page.texts(TITLE).length).toBeLessThan(40);
    expect(page.find('li').getAttribute('aria-setsize')).toBe('1000');
  });

  it('S16 says what to do next to whoever has no rooms', async () => {
    chat.rooms.set([]);
    const page = await list();
    const searchWanted = jest.fn();
    page.fixture.componentInstance.searchWanted.subscribe(searchWanted);
    expect(page.text).toContain('Find somebody by name or phone number, see which rooms there are, or make a group.');
    await page.click('button');
    expect(searchWanted).toHaveBeenCalledTimes(1);
    await page.click('button + button');
    expect(dialogs.browse).toHaveBeenCalledTimes(1);
    await page.click('button + button + button');
    expect(dialogs.newGroup).toHaveBeenCalledTimes(1);
  });

  it('shows that it loads, and what to do where that fails', async () => {
    chat.isLoaded.set(false);
    chat.state.set({ status: 'connecting' });
    const page = await list();
    expect(page.texts('[role=status]')).toEqual(['Loading…']);
    chat.state.set({ status: 'offline', reason: 'unreachable', retryAt: 0 } as never);
    await page.settled();
    expect(page.texts('h2')).toEqual(['Your chats are not here yet']);
    await page.click('button');
    expect(chat.reconnect).toHaveBeenCalledTimes(1);
  });

  it('F4 shows on the face of a private chat how the other one is, says it, and who is typing', async () => {
    chat.rooms.set([privateChat(7, 'Bình'), room(1)]);
    chat.people.set(new Map([[personId(7), { user: personId(7), presence: 'away' }]]));
    const page = await list();
    const faces = () =>
      [...page.element.querySelectorAll('parley-avatar')].map((face) => face.getAttribute('data-presence'));
    expect(faces()).toEqual(['away', null]);
    expect(page.texts('a > .unseen')).toEqual(['Away']);
    const before = page.texts('.preview');
    const typist = { id: personId(7), name: 'Bình' };
    chat.typistsIn.set(new Map([roomId(7), roomId(1)].map((id) => [id, [typist]])));
    await page.settled();
    expect(page.texts('.preview')).toEqual(['typing…', 'Bình is typing…']);
    chat.typistsIn.set(new Map());
    await page.settled();
    expect(page.texts('.preview')).toEqual(before);
    chat.people.set(new Map());
    chat.typistsIn.set(new Map());
    await page.settled();
    expect(faces()).toEqual([null, null]);
  });
});
