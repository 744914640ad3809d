import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { myRoom, personId, privateChat, roomId } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { ContactSearch } from './contact-search';
import { RoomActions } from './room-actions';

const people = (q: string) => `GET /api/search_users?q=${q}&limit=20`;
const rooms = (q: string) => `GET /api/search_rooms?q=${q}&limit=20`;
const page = (...items: unknown[]) => ({ items, next: null });
const FIELD = 'input';

describe('ContactSearch', () => {
  const chat = new FakeChat();
  const actions = { show: jest.fn(), openPrivate: jest.fn(async () => true) };
  let server: FakeServer;

  beforeEach(() => {
    signedIn();
    jest.clearAllMocks();
    chat.rooms.set([privateChat(2, 'Bình Trần')]);
    const found = { id: personId(7), name: 'Bình Lê', phone: '+84 ••• ••• 111' };
    const open = myRoom({ id: roomId(8), name: 'Bình Dương', kind: 'room', user_count: 3 });
    server = new FakeServer().install().answer(people('binh'), 200, page(found)).answer(rooms('binh'), 200, page(open));
    TestBed.configureTestingModule({
      providers: [provideRouter([]), chat.provider, { provide: RoomActions, useValue: actions }],
    });
  });

  const shown = (search: Page<ContactSearch>) => search.texts('[role=option] .name');
  const active = (search: Page<ContactSearch>) => search.texts('[aria-selected=true] .name');

  async function typed(text: string, results: number): Promise<Page<ContactSearch>> {
    const search = await Page.of(ContactSearch);
    await search.type(FIELD, text);
    await eventually(() => expect(search.element.querySelectorAll('[role=option]')).toHaveLength(results));
    await search.settled();
    return search;
  }

  async function press(search: Page<ContactSearch>, ...keys: string[]): Promise<void> {
    for (const key of keys) {
      // The key manager reads the code, which jsdom does not derive from the key.
      const keyCode = { ArrowDown: 40, ArrowUp: 38 }[key] ?? 0;
      const event = new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true });
      search.find(FIELD).dispatchEvent(event);
      await search.settled();
    }
  }

  it('S13 S16 shows one’s own rooms at once, then people and rooms to join, with matches marked', async () => {
    const search = await Page.of(ContactSearch);
    await search.type(FIELD, 'binh');
    expect(shown(search)).toEqual(['Bình Trần']);
    await eventually(() => expect(shown(search)).toEqual(['Bình Trần', 'Bình Lê', 'Bình Dương']));
    expect(search.texts('mark')).toEqual(['Bình', 'Bình', 'Bình']);
    expect(search.texts('[role=group] .heading')).toEqual(['Your chats', 'People', 'Rooms to join']);
    expect(search.texts('[role=status]')).toEqual(['3 results']);
  });

  it('S16 goes through the results by keyboard, and tells screen readers which one it is', async () => {
    const search = await typed('binh', 3);
    expect(active(search)).toEqual(['Bình Trần']);
    await press(search, 'ArrowDown');
    expect(active(search)).toEqual(['Bình Lê']);
    const { id } = search.find('[aria-selected=true]');
    expect(search.find(FIELD).getAttribute('aria-activedescendant')).toBe(id);
    await press(search, 'Enter');
    expect(actions.openPrivate).toHaveBeenCalledWith({ user: personId(7) });
    expect(search.find<HTMLInputElement>(FIELD).value).toBe('');
  });

  it('S16 opens a room of one’s own, and the door of another one', async () => {
    const search = await typed('binh', 3);
    await press(search, 'Enter');
    expect(actions.show).toHaveBeenLastCalledWith(roomId(2));
    await search.type(FIELD, 'binh');
    await eventually(() => expect(shown(search)).toHaveLength(3));
    await press(search, 'ArrowUp', 'Enter');
    expect(actions.show).toHaveBeenLastCalledWith(roomId(8));
  });

  it('keeps active what somebody moved to, while more comes in above', async () => {
    server.instead(people('binh'), 200, page());
    chat.rooms.set([]);
    const search = await typed('binh', 1);
    await press(search, 'ArrowDown');
    expect(active(search)).toEqual(['Bình Dương']);
    chat.rooms.set([privateChat(2, 'Bình Trần')]);
    await search.settled();
    expect(shown(search)).toEqual(['Bình Trần', 'Bình Dương']);
    expect(active(search)).toEqual(['Bình Dương']);
  });

  it('S16 takes the first for the one that is meant, until somebody moves', async () => {
    server.instead(people('binh'), 200, page());
    chat.rooms.set([]);
    const search = await typed('binh', 1);
    chat.rooms.set([privateChat(2, 'Bình Trần')]);
    await search.settled();
    expect(active(search)).toEqual(['Bình Trần']);
  });

  it('S16 is cleared by Escape, and stays where it is when a chat cannot be opened', async () => {
    const search = await typed('binh', 3);
    actions.openPrivate.mockResolvedValueOnce(false);
    await press(search, 'ArrowDown', 'Enter');
    expect(search.find<HTMLInputElement>(FIELD).value).toBe('binh');
    await press(search, 'Escape');
    expect(search.find<HTMLInputElement>(FIELD).value).toBe('');
    expect(search.element.querySelector('[role=listbox]')).toBeNull();
  });

  it.each([
    ['xyz', 'xyz', /Nothing found. Search people by name or the whole phone number/],
    ['0900', '0900', /Nobody here has this number/],
  ])('S13 says what to do where %s finds nothing', async (text, asked, advice) => {
    server.answer(people(asked), 200, page()).answer(rooms(asked), 200, page());
    const search = await Page.of(ContactSearch);
    await search.type(FIELD, text);
    await eventually(() => expect(search.text).toMatch(advice));
  });

  it('S13 tells a failure, keeps one’s own rooms, and tries again', async () => {
    server.instead(people('binh'), 503, { code: 'UNAVAILABLE', message: '' });
    const search = await Page.of(ContactSearch);
    await search.type(FIELD, 'binh');
    await eventually(() => expect(search.texts('[role=alert]').join()).toMatch(/cannot do that just now/));
    expect(shown(search)).toEqual(['Bình Trần']);
    server.instead(people('binh'), 200, page());
    await search.click('parley-finding-state button');
    await eventually(() => expect(shown(search)).toEqual(['Bình Trần', 'Bình Dương']));
    expect(search.texts('[role=alert]')).toEqual([]);
  });
});
