import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { eventually } from '../../testing/eventually';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { myRoom, roomId } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { RoomActions } from './room-actions';
import { RoomDoor } from './room-door';

const CALL = `GET /api/rooms/${roomId(8)}`;

describe('RoomDoor', () => {
  const join = jest.fn(async () => true);
  let server: FakeServer;

  beforeEach(() => {
    signedIn();
    join.mockClear();
    server = new FakeServer().install();
    TestBed.configureTestingModule({ providers: [provideRouter([]), { provide: RoomActions, useValue: { join } }] });
  });

  function stands(description: string, user_count: number): void {
    const metadata = { description, settings: { is_private: false, max_participants: 3 } };
    server.answer(CALL, 200, myRoom({ id: roomId(8), name: 'Tea house', kind: 'room', user_count, metadata }));
  }

  async function door(heading: string): Promise<Page<RoomDoor>> {
    const page = await Page.of(RoomDoor, { id: roomId(8) });
    await eventually(() => expect(page.texts('h1')).toEqual([heading]));
    return page;
  }

  it('S9 S16 shows what the room is, and lets one in', async () => {
    stands('Where the tea is', 2);
    const page = await door('Tea house');
    expect(page.text).toContain('Public room · 2 members');
    expect(page.text).toContain('Where the tea is');
    await page.click('button');
    expect(join).toHaveBeenCalledWith(roomId(8));
  });

  it('S9 says that a room is full', async () => {
    stands('', 3);
    const page = await door('Tea house');
    expect(page.text).toContain('There is no description.');
    expect(page.text).toContain('This room is full.');
    expect(page.texts('button')).toEqual([]);
  });

  it('S7 says that there is no such room', async () => {
    server.answer(CALL, 404, { code: 'ROOM_NOT_FOUND', message: '' });
    const page = await door('Nothing here');
    expect(page.text).toContain('There is no such room, or it is not open to you.');
  });

  it('asks again where the server could not be reached', async () => {
    server.answer(CALL, 503, { code: 'UNAVAILABLE', message: '' });
    const page = await door('That did not work');
    server.instead(CALL, 200, myRoom({ id: roomId(8), name: 'Tea house', kind: 'room' }));
    await page.click('button');
    await eventually(() => expect(page.texts('h1')).toEqual(['Tea house']));
  });
});
