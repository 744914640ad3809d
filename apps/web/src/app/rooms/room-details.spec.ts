import { TestBed } from '@angular/core/testing';
import type { Me, Member } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { ME, personId, privateChat, roomId, roomState } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { RoomActions } from './room-actions';
import { RoomDetails } from './room-details';
import { RoomDialogs } from './room-dialogs';

describe('RoomDetails', () => {
  const actions = { leave: jest.fn(), remove: jest.fn(), openPrivate: jest.fn() };
  const dialogs = { addPeople: jest.fn() };
  const chat = new FakeChat();
  const member = (number: number, name: string): Member => ({
    id: personId(number),
    name,
    phone: '+84 ••• ••• 567',
    role: 'owner',
    joined_at: ME.created_at,
  });

  function prepare(me: Me = ME): void {
    signedIn({ user: me });
    const items = [member(2, 'Bình'), { ...ME, role: 'member', joined_at: ME.created_at }];
    new FakeServer().install().answer(`GET /api/rooms/${roomId(1)}/members?limit=50`, 200, { items, next: null });
    TestBed.configureTestingModule({
      providers: [
        chat.provider,
        { provide: RoomActions, useValue: actions },
        { provide: RoomDialogs, useValue: dialogs },
      ],
    });
  }

  async function details(state: RoomState): Promise<Page<RoomDetails>> {
    return Page.of(RoomDetails, { state });
  }

  const deeds = (page: Page<RoomDetails>) => page.texts('.deeds button');

  it('S16 shows the members with their roles, and the way to a chat with each other one', async () => {
    prepare();
    const page = await details(roomState([], { user_count: 2 }));
    await eventually(() => expect(page.texts('parley-member-list .name')).toEqual(['Bình', 'An Nguyễn']));
    expect(page.texts('.role')).toEqual(['Owner']);
    expect(page.texts('parley-member-list .detail')).toEqual(['+84 ••• ••• 567', 'You']);
    await page.click('[aria-label="Chat with Bình"]');
    expect(actions.openPrivate).toHaveBeenCalledWith({ user: personId(2) });
    expect(page.texts('[aria-label^="Chat with"]')).toHaveLength(1);
  });

  it('S11 offers to delete to the owner and to the administrator only', async () => {
    prepare();
    expect(deeds(await details(roomState([], { role: 'owner' })))).toEqual(['Leave', 'Delete']);
    expect(deeds(await details(roomState([], { role: 'member' })))).toEqual(['Leave']);
  });

  it('S11 offers it to the administrator', async () => {
    prepare({ ...ME, role: 'administrator' });
    expect(deeds(await details(roomState([], { role: 'member' })))).toEqual(['Leave', 'Delete']);
  });

  it('S7 shows of a private chat the other one’s number, and takes nobody else in', async () => {
    prepare();
    const page = await details(privateChat(2, 'Bình'));
    expect(page.text).toContain('+84 ••• ••• 567');
    expect(page.text).not.toContain('Add people');
    expect(page.element.querySelector('parley-member-list')).toBeNull();
  });

  it('S10 S11 has nothing left to do in a room that one is not in any more', async () => {
    prepare();
    const page = await details({ ...roomState(), gone: 'left' });
    expect(deeds(page)).toEqual([]);
    expect(page.text).not.toContain('Add people');
  });
});
