import { TestBed } from '@angular/core/testing';
import { MatDialogRef } from '@angular/material/dialog';
import { ParleyError } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { Page } from '../../testing/page';
import { myRoom, roomId } from '../../testing/samples';
import { NewRoomDialog } from './new-room-dialog';
import { RoomActions } from './room-actions';

const NAME = 'input[autocomplete=off]';
const PLACES = 'input[inputmode=numeric]';

describe('NewRoomDialog', () => {
  const chat = new FakeChat();
  const close = jest.fn();
  const show = jest.fn();

  beforeEach(() => {
    jest.clearAllMocks();
    chat.send.mockResolvedValue(myRoom({ id: roomId(8) }));
    const dialog = { close, _containerInstance: { _addAriaLabelledBy: jest.fn(), _removeAriaLabelledBy: jest.fn() } };
    TestBed.configureTestingModule({
      providers: [
        chat.provider,
        { provide: MatDialogRef, useValue: dialog },
        { provide: RoomActions, useValue: { show } },
      ],
    });
  });

  it('S8 makes a public room with what is said of it', async () => {
    const page = await Page.of(NewRoomDialog);
    await page.type(NAME, ' Tea house ');
    await page.type('textarea', 'Where the tea is');
    await page.submit();
    const settings = { is_private: false, max_participants: 1_000 };
    const wanted = { name: 'Tea house', metadata: { description: 'Where the tea is', settings } };
    expect(chat.send.mock.calls).toEqual([['createRoom', wanted]]);
    expect(show).toHaveBeenCalledWith(roomId(8));
  });

  it('S8 makes a private one for a few', async () => {
    const page = await Page.of(NewRoomDialog);
    await page.type(NAME, 'Tea house');
    await page.click('input[type=radio][value=private]');
    await page.type(PLACES, '12');
    await page.submit();
    const settings = { is_private: true, max_participants: 12 };
    expect(chat.send.mock.calls[0]?.[1]).toMatchObject({ metadata: { settings } });
  });

  it('S8 says at the name that it is taken, and keeps what was written', async () => {
    const taken = new ParleyError('ROOM_NAME_TAKEN', 'Taken.', { fields: { name: 'Taken.' } });
    chat.send.mockRejectedValue(taken);
    const page = await Page.of(NewRoomDialog);
    await page.type(NAME, 'Tea house');
    await page.submit();
    expect(page.texts('mat-error')).toEqual(['There is a room with this name already. Choose another one.']);
    expect(page.find<HTMLInputElement>(NAME).value).toBe('Tea house');
    expect(close).not.toHaveBeenCalled();
  });

  it.each(['', '1', '1.5', '100001', 'many', '-3'])('S8 does not take %j for a number of people', async (places) => {
    const page = await Page.of(NewRoomDialog);
    await page.type(NAME, 'Tea house');
    await page.type(PLACES, places);
    await page.submit();
    expect(page.texts('mat-error')).toEqual(['A whole number from 2 to 100,000.']);
    expect(chat.send).not.toHaveBeenCalled();
  });
});
