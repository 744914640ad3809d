import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Page } from '../../testing/page';
import { personId, privateChat, roomState, system } from '../../testing/samples';
import { GoneBar } from './gone-bar';
import { RoomActions } from './room-actions';

describe('GoneBar', () => {
  const actions = { join: jest.fn(async () => true), openPrivate: jest.fn(async () => true) };
  const settings = { is_private: false, max_participants: 10 };
  const open = { kind: 'room' as const, metadata: { description: '', settings } };

  beforeEach(() => {
    jest.clearAllMocks();
    TestBed.configureTestingModule({ providers: [provideRouter([]), { provide: RoomActions, useValue: actions }] });
  });

  it('S11 S16 says who has deleted the room; there is no way back in', async () => {
    const state = { ...roomState([system(1, { event: 'delete' })], open), gone: 'deleted' as const };
    const page = await Page.of(GoneBar, { state });
    expect(page.text).toContain('Bình has deleted this room.');
    expect(page.texts('button')).toEqual([]);
  });

  it('S11 says that it is deleted where it is not known by whom', async () => {
    const page = await Page.of(GoneBar, { state: { ...roomState(), gone: 'deleted' } });
    expect(page.text).toContain('This room has been deleted.');
  });

  it('S10 S16 lets a former member join an open room again', async () => {
    const page = await Page.of(GoneBar, { state: { ...roomState([], open), gone: 'left' } });
    await page.click('button');
    expect(actions.join).toHaveBeenCalledWith(roomState().room.id);
  });

  it('S7 S16 lets a private chat be opened again', async () => {
    const page = await Page.of(GoneBar, { state: { ...privateChat(2, 'Bình'), gone: 'left' } });
    await page.click('button');
    expect(actions.openPrivate).toHaveBeenCalledWith({ user: personId(2) });
  });

  it('S10 S16 says that nobody would read on, where the other person has left, and asks them back', async () => {
    const user = { id: personId(2), name: 'Bình Trần' };
    const state = privateChat(2, 'Bình Trần', [system(1, { event: 'leave', user })]);
    const alone = { ...state, room: { ...state.room, users: state.room.users.slice(0, 1) } };
    const page = await Page.of(GoneBar, { state: alone });
    expect(page.text).toContain('Bình has left this chat and would not see what you write.');
    await page.click('button');
    expect(actions.openPrivate).toHaveBeenLastCalledWith({ user: personId(2) });
  });

  it('S10 has no way back into a group', async () => {
    const page = await Page.of(GoneBar, { state: { ...roomState(), gone: 'left' } });
    expect(page.text).toContain('You are not in this room any more.');
    expect(page.texts('button')).toEqual([]);
  });
});
