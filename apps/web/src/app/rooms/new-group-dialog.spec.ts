import { TestBed } from '@angular/core/testing';
import { MatDialogRef } from '@angular/material/dialog';
import { ParleyError } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { myRoom, personId, privateChat, roomId } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { NewGroupDialog } from './new-group-dialog';
import { RoomActions } from './room-actions';

const NAME = 'input[matInput]';

describe('NewGroupDialog', () => {
  const chat = new FakeChat();
  const close = jest.fn();
  const show = jest.fn();

  beforeEach(() => {
    signedIn();
    jest.clearAllMocks();
    new FakeServer().install();
    chat.rooms.set([privateChat(2, 'Bình'), privateChat(3, 'Chi')]);
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

  async function filled(): Promise<Page<NewGroupDialog>> {
    const page = await Page.of(NewGroupDialog);
    await page.type(NAME, '  Trip ');
    await page.click('[role=option]:nth-of-type(1)');
    await page.click('[role=option]:nth-of-type(2)');
    return page;
  }

  it('S17 makes a group of the chosen ones, without who was removed, and shows it', async () => {
    const page = await filled();
    await page.click('[aria-label="Remove Bình"]');
    await page.submit();
    expect(chat.send.mock.calls).toEqual([['createGroup', { name: 'Trip', users: [personId(3)] }]]);
    expect(close).toHaveBeenCalledTimes(1);
    expect(show).toHaveBeenCalledWith(roomId(8));
  });

  it('S17 says what is missing, and asks the server nothing', async () => {
    const page = await Page.of(NewGroupDialog);
    expect(page.texts('[role=alert], mat-error')).toEqual([]);
    await page.submit();
    expect(page.texts('mat-error')).toEqual(['Give it a name.']);
    expect(page.texts('[role=alert]')).toContain('Choose at least one person.');
    expect(chat.send).not.toHaveBeenCalled();
  });

  it('S17 makes one group however often it is sent', async () => {
    const page = await filled();
    let answer: (room: unknown) => void = () => {};
    chat.send.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const form = page.find('form');
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(chat.send).toHaveBeenCalledTimes(1);
    answer(myRoom());
    await page.settled();
  });

  it('S17 keeps everything, and says why, when it fails', async () => {
    const page = await filled();
    chat.send.mockRejectedValue(new ParleyError('CONNECTION_LOST', 'Gone.'));
    await page.submit();
    expect(page.texts('[role=alert]').join()).toMatch(/connection was lost/);
    expect(page.texts('parley-person-picker li')).toEqual(['Bình', 'Chi']);
    expect(close).not.toHaveBeenCalled();
  });
});
