import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { ParleyError } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { myRoom, roomId, roomState, system } from '../../testing/samples';
import { Confirm } from '../shared/confirm';
import { Notes } from '../shared/notes';
import { RoomActions } from './room-actions';

describe('RoomActions', () => {
  const chat = new FakeChat();
  const ask = jest.fn<Promise<boolean>, [{ title: string; text: string }]>();
  const notes = { tell: jest.fn(), fail: jest.fn() };
  const refusal = new ParleyError('ROOM_FULL', 'Full.');
  let actions: RoomActions;

  beforeEach(() => {
    jest.clearAllMocks();
    ask.mockResolvedValue(true);
    chat.send.mockResolvedValue(myRoom({ id: roomId(5) }));
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: '**', children: [] }]),
        chat.provider,
        { provide: Confirm, useValue: { ask } },
        { provide: Notes, useValue: notes },
      ],
    });
    actions = TestBed.inject(RoomActions);
  });

  const at = () => TestBed.inject(Router).url;

  it('S7 opens a private chat', async () => {
    expect(await actions.openPrivate({ user: 'u' })).toBe(true);
    expect(chat.send).toHaveBeenCalledWith('openPrivateRoom', { user: 'u' });
    expect(at()).toBe(`/chat/${roomId(5)}`);
  });

  it('S9 tells why a room could not be joined', async () => {
    chat.send.mockRejectedValue(refusal);
    expect(await actions.join(roomId(5))).toBe(false);
    expect(notes.fail).toHaveBeenCalledWith(refusal);
  });

  it('S10 asks before one leaves, and says it afterwards', async () => {
    await actions.leave(roomState());
    expect(ask.mock.calls[0]?.[0].title).toBe('Leave Tea?');
    expect(chat.send).toHaveBeenCalledWith('leaveRoom', { room: roomId(1) });
    expect([at(), notes.tell.mock.calls]).toEqual(['/chat', [['You left Tea.']]]);
  });

  it('S11 says what is lost before a room is deleted', async () => {
    await actions.remove(roomState([system(1), system(2)], { user_count: 5 }));
    expect(ask.mock.calls[0]?.[0].text).toBe(
      'Its whole history (2 entries) disappears for all 5 members. This cannot be undone.',
    );
    expect(chat.send).toHaveBeenCalledWith('deleteRoom', { room: roomId(1) });
  });

  it('does nothing when the answer is no, and stays when it is refused', async () => {
    ask.mockResolvedValueOnce(false);
    await actions.remove(roomState());
    expect(chat.send).not.toHaveBeenCalled();
    chat.send.mockRejectedValue(refusal);
    await actions.remove(roomState());
    expect(notes.tell).not.toHaveBeenCalled();
    expect(at()).toBe('/');
  });
});
