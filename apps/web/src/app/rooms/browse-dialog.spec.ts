import { TestBed } from '@angular/core/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import type { Room } from '@parley/contract';
import { Subject } from 'rxjs';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { myRoom, roomId, roomState } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { BrowseDialog } from './browse-dialog';
import { RoomActions } from './room-actions';

const LIST = 'GET /api/search_rooms';
const ALL = `${LIST}?q=&kind=room&limit=50`;
const FAILED = { code: 'UNAVAILABLE', message: '' };

const room = (number: number, name: string, description = '', places = 10): Room =>
  myRoom({
    id: roomId(number),
    name,
    kind: 'room',
    user_count: 3,
    metadata: { description, settings: { is_private: false, max_participants: places } },
  });
const page = (items: unknown[], next: string | null = null) => ({ items, next });

describe('BrowseDialog', () => {
  const chat = new FakeChat();
  const actions = { show: jest.fn(), join: jest.fn(async () => true) };
  const makeRoom = jest.fn();
  const closed = new Subject<void>();
  const close = jest.fn(() => closed.next());
  let server: FakeServer;

  beforeAll(() => (window.matchMedia = () => ({ matches: false }) as MediaQueryList));

  beforeEach(() => {
    signedIn();
    jest.clearAllMocks();
    chat.rooms.set([]);
    server = new FakeServer().install();
    const container = { _addAriaLabelledBy: jest.fn(), _removeAriaLabelledBy: jest.fn() };
    const dialog = { close, afterClosed: () => closed, _containerInstance: container };
    TestBed.configureTestingModule({
      providers: [
        chat.provider,
        { provide: MatDialogRef, useValue: dialog },
        { provide: RoomActions, useValue: actions },
        { provide: MAT_DIALOG_DATA, useValue: makeRoom },
      ],
    });
  });

  const names = (shown: Page<BrowseDialog>) => shown.texts('li .name');
  const buttons = (shown: Page<BrowseDialog>) =>
    [...shown.element.querySelectorAll('li button')].map((each) => each.getAttribute('aria-label'));

  async function shows(...expected: string[]): Promise<Page<BrowseDialog>> {
    const shown = await Page.of(BrowseDialog);
    await eventually(() => expect(names(shown)).toEqual(expected));
    await shown.settled();
    return shown;
  }

  it('S13 lists what there is: name, description, members, and the way in', async () => {
    const rooms = [room(1, 'Tea', 'Where the tea is'), room(2, 'Mine'), room(3, 'Crowd', '', 3)];
    server.answer(ALL, 200, page(rooms));
    chat.rooms.set([roomState([], { id: roomId(2) })]);
    const shown = await shows('Tea', 'Mine', 'Crowd');
    expect(shown.texts('.about')).toEqual(['Where the tea is']);
    expect(shown.texts('li .quiet')).toEqual(['3 members', '3 members', '3 members']);
    expect(buttons(shown)).toEqual(['Join Tea', 'Open Mine']);
    expect(shown.texts('.full')).toEqual(['Full']);
  });

  it('S9 S13 joins a room and goes there; where that fails it stays', async () => {
    server.answer(ALL, 200, page([room(1, 'Tea')]));
    const shown = await shows('Tea');
    actions.join.mockResolvedValueOnce(false);
    await shown.click('li button');
    expect(close).not.toHaveBeenCalled();
    await shown.click('li button');
    expect(actions.join).toHaveBeenLastCalledWith(roomId(1));
    expect(actions.show).toHaveBeenCalledWith(roomId(1));
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('S13 opens a room that one is in without joining it again', async () => {
    server.answer(ALL, 200, page([room(1, 'Tea')]));
    chat.rooms.set([roomState([], { id: roomId(1) })]);
    await (await shows('Tea')).click('li button');
    expect(actions.join).not.toHaveBeenCalled();
    expect(actions.show).toHaveBeenCalledWith(roomId(1));
  });

  it('S13 goes on page by page', async () => {
    server.answer(ALL, 200, page([room(1, 'Tea')], roomId(1)));
    server.answer(`${ALL}&after=${roomId(1)}`, 200, page([room(2, 'Coffee')]));
    const shown = await shows('Tea');
    await shown.click('.list > button');
    await eventually(() => expect(names(shown)).toEqual(['Tea', 'Coffee']));
    await shown.settled();
    expect(shown.element.querySelector('.list > button')).toBeNull();
  });

  it('S13 finds rooms by name, and says where there is none', async () => {
    server.answer(ALL, 200, page([room(1, 'Tea'), room(2, 'Coffee')]));
    server.answer(`${LIST}?q=co&kind=room&limit=50`, 200, page([room(2, 'Coffee')]));
    server.answer(`${LIST}?q=cox&kind=room&limit=50`, 200, page([]));
    const shown = await shows('Tea', 'Coffee');
    await shown.type('input', 'co');
    await eventually(() => expect(names(shown)).toEqual(['Coffee']));
    expect(shown.texts('mark')).toEqual(['Co']);
    await shown.type('input', 'cox');
    await eventually(() => expect(shown.text).toContain('No room name starts with that.'));
    expect(shown.element.querySelector('.list > button')).toBeNull();
  });

  it('S13 says that it loads, what failed, and tries what failed again', async () => {
    server.answer(ALL, 503, FAILED).answer(ALL, 200, page([room(1, 'Tea')], roomId(1)));
    server.answer(`${LIST}?q=co&kind=room&limit=50`, 503, FAILED);
    const shown = await Page.of(BrowseDialog);
    await eventually(() => expect(shown.texts('[role=alert]').join()).toMatch(/cannot do that just now/));
    await shown.click('parley-finding-state button');
    await eventually(() => expect(names(shown)).toEqual(['Tea']));
    await shown.type('input', 'co');
    await eventually(() => expect(shown.texts('[role=alert]')).toHaveLength(1));
    server.instead(`${LIST}?q=co&kind=room&limit=50`, 200, page([room(2, 'Coffee')]));
    await shown.click('parley-finding-state button');
    await eventually(() => expect(names(shown)).toEqual(['Coffee']));
  });

  it('S8 S13 offers to make the first room where there is none', async () => {
    server.answer(ALL, 200, page([]));
    const shown = await Page.of(BrowseDialog);
    await eventually(() => expect(shown.text).toContain('There are no rooms to join yet.'));
    await shown.settled();
    await shown.click('.list > button');
    expect(makeRoom).toHaveBeenCalledTimes(1);
  });
});
