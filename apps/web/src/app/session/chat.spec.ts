import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { CLOSE_CODES } from '@parley/contract';
import { eventually } from '../../testing/eventually';
import { FakeGateway } from '../../testing/fake-gateway';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage, inAnotherTab } from '../../testing/fake-storage';
import { installFakeTabs } from '../../testing/fake-tabs';
import { ME, message, myRoom, roomId, roomState } from '../../testing/samples';
import { SIGNED_IN, signedIn } from '../../testing/signed-in';
import { Updates } from '../shared/updates';
import { AccountDatabase } from './account-database';
import { AccountTabs } from './account-tabs';
import { Chat } from './chat';
import { KeptRooms } from './kept-rooms';
import { Session } from './session';

describe('Chat', () => {
  const check = jest.fn<void, []>();
  let gateway: FakeGateway;

  beforeEach(() => {
    emptyStorage();
    installFakeTabs();
    check.mockClear();
    beginAnew();
    new FakeServer().install().answer('POST /api/signout', 204);
    gateway = new FakeGateway().install();
    gateway.rooms = [myRoom({ seq: 1, last: message(1), unread: 1 })];
  });
  // Closes the line of the test before.
  afterEach(() => TestBed.inject(Session).end('revoked'));

  const beginAnew = (): void => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [{ provide: Updates, useValue: { check } }] });
  };
  const said = (event: string) => gateway.frames.filter((frame) => frame.event === event);
  const becomes = (check: () => void) =>
    eventually(() => {
      TestBed.tick();
      check();
    });
  async function online(): Promise<Chat> {
    const chat = TestBed.inject(Chat);
    await becomes(() => expect(chat.state().status).toBe('online'));
    return chat;
  }

  it('S18 connects whoever is signed in, with their token, and shows their rooms', async () => {
    signedIn();
    const chat = await online();
    expect(said('authenticate')).toEqual([expect.objectContaining({ data: { token: 'token-1' } })]);
    expect(chat.rooms().map(({ room }) => [room.name, room.unread])).toEqual([['Tea', 1]]);
    expect(chat.isLoaded()).toBe(true);
  });

  it('looks for a newer client each time that it is connected', async () => {
    signedIn();
    const chat = await online();
    await becomes(() => expect(check).toHaveBeenCalledTimes(1));
    gateway.close(1006);
    await becomes(() => expect(chat.state().status).toBe('offline'));
    chat.reconnect();
    await becomes(() => expect(check).toHaveBeenCalledTimes(2));
  });

  it('connects nobody while nobody is signed in', () => {
    const chat = TestBed.inject(Chat);
    TestBed.tick();
    expect([chat.state(), chat.rooms(), chat.isLoaded()]).toEqual([
      { status: 'closed', reason: 'notConnected' },
      [],
      false,
    ]);
    expect(() => chat.post(roomId(1), 'Hello')).toThrow(expect.objectContaining({ code: 'CONNECTION_LOST' }));
  });

  it('shows what comes in, in the room that is watched', async () => {
    signedIn();
    const chat = await online();
    const open = signal(roomId(1));
    const state = TestBed.runInInjectionContext(() => chat.watch(open));
    gateway.say({ event: 'messagePosted', data: message(2) });
    await becomes(() => expect(state()?.entries.map(({ seq }) => seq)).toEqual([1, 2]));
    open.set(roomId(7));
    await becomes(() => expect(state()).toBeUndefined());
  });

  it('S18 shows the rooms last seen before the server has said anything', async () => {
    const database = new AccountDatabase(ME.id);
    await new KeptRooms(database).save([roomState([message(1)])]);
    await database.close();
    gateway.isSilent = true;
    signedIn();
    const chat = TestBed.inject(Chat);
    await becomes(() => expect(chat.isLoaded()).toBe(true));
    expect([chat.rooms().map(({ room }) => room.name), chat.state().status]).toEqual([['Tea'], 'connecting']);
  });

  /** A tab that keeps the account's database from being removed, and so from being opened anew. */
  async function sleepingTab(): Promise<IDBDatabase> {
    const asleep = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(`parley-${ME.id}`);
      opening.onsuccess = () => resolve(opening.result);
    });
    indexedDB.deleteDatabase(`parley-${ME.id}`);
    return asleep;
  }

  it('S18 sends what its database has, also where that opens late', async () => {
    const asleep = await sleepingTab();
    const stored = new AccountDatabase(ME.id);
    const text = 'Written before';
    const earlier = { message: { room: roomId(1), clientId: 'c0', text }, queuedAt: '', order: 1 };
    const isKept = stored.outbox.put(earlier).catch(() => {});
    signedIn();
    const chat = TestBed.inject(Chat);
    await eventually(() => {
      TestBed.tick();
      expect(chat.state().status).toBe('online');
    }, 10_000);
    await isKept;
    expect(said('postMessage')).toEqual([]);
    asleep.close();
    await eventually(() =>
      expect(said('postMessage')).toEqual([expect.objectContaining({ data: expect.objectContaining({ text }) })]),
    );
  });

  it('S18 connects and sends also where the browser does not open its database: a tab that sleeps is in the way', async () => {
    const asleep = await sleepingTab();
    signedIn();
    const chat = TestBed.inject(Chat);
    await eventually(() => {
      TestBed.tick();
      expect(chat.state().status).toBe('online');
    }, 10_000);
    chat.post(roomId(1), 'Hello');
    await eventually(() => expect(said('postMessage')).toHaveLength(1), 10_000);
    asleep.close();
  });

  it('keeps what is not sent yet for the next start, which sends it', async () => {
    signedIn();
    const chat = await online();
    gateway.close(CLOSE_CODES.restart);
    chat.post(roomId(1), 'Written offline 👋');
    await becomes(() => expect(chat.outbox()).toHaveLength(1));
    const stored = new AccountDatabase(ME.id);
    await eventually(async () => expect(await stored.outbox.load()).toHaveLength(1));

    beginAnew();
    await online();
    await eventually(() =>
      expect(said('postMessage').map(({ data }) => data)).toEqual([
        expect.objectContaining({ room: roomId(1), text: 'Written offline 👋' }),
      ]),
    );
  });

  it('S6 ends the session with its reason when the server ends it', async () => {
    signedIn();
    await online();
    gateway.close(CLOSE_CODES.notSignedIn);
    await becomes(() => expect(TestBed.inject(Session).ending()).toBe('revoked'));
  });

  it('S18 hangs up when another tab signs out, and begins anew with who comes next', async () => {
    signedIn();
    const chat = await online();
    inAnotherTab('parley.session', { status: 'out', ending: 'signedOut' });
    await becomes(() => expect([gateway.sockets.size, chat.rooms()]).toEqual([0, []]));
    inAnotherTab('parley.session', { ...SIGNED_IN, token: 'token-2' });
    await becomes(() => expect(chat.state().status).toBe('online'));
    expect(said('authenticate').at(-1)?.data).toMatchObject({ token: 'token-2' });
  });

  it('keeps its line when only the name changes', async () => {
    signedIn();
    await online();
    TestBed.inject(Session).update({ ...ME, name: 'Ân' });
    TestBed.tick();
    expect(said('authenticate')).toHaveLength(1);
    expect(gateway.sockets.size).toBe(1);
  });

  it('S18 shows what another tab writes while the line is down, and sends it when the line is back', async () => {
    signedIn();
    const chat = await online();
    gateway.close(CLOSE_CODES.restart);
    await becomes(() => expect(chat.state().status).toBe('offline'));
    const other = new AccountTabs(ME.id);
    const stored = new AccountDatabase(ME.id);
    const message = { room: roomId(1), clientId: 'there', text: 'Written in another tab' };
    const item = { message, queuedAt: '2026-11-22T08:00:00.000Z', order: 1 };
    await stored.outbox.put(item);
    other.tell({ type: 'kept', item });
    await becomes(() => expect(chat.rooms()[0]?.pending).toEqual([expect.objectContaining({ message })]));
    chat.reconnect();
    await eventually(() => expect(said('postMessage').map(({ data }) => data)).toEqual([message]));
    other.close();
    await stored.close();
  });

  it('tries at once when the network is back', async () => {
    signedIn();
    const chat = await online();
    gateway.close(CLOSE_CODES.restart);
    await becomes(() => expect(chat.state().status).toBe('offline'));
    window.dispatchEvent(new Event('online'));
    await becomes(() => expect(chat.state().status).toBe('online'));
    expect(said('authenticate')).toHaveLength(2);
  });

  it('F4 knows how people are who are looked at, and who types, until the line breaks', async () => {
    signedIn();
    const chat = await online();
    const other = 'b'.repeat(24);
    const [one, several, typists] = TestBed.runInInjectionContext(
      () =>
        [
          chat.presence(signal(other)),
          chat.presences(signal([other, 'c'.repeat(24)])),
          chat.typists(signal(roomId(1))),
        ] as const,
    );
    await becomes(() => expect(said('watchPresence')).toHaveLength(1));
    const [asked] = said('watchPresence');
    const busy = { user: other, presence: 'busy' } as const;
    gateway.say({ event: 'reply', id: asked!.id!, data: { people: [busy] } });
    gateway.say({ event: 'typing', data: { room: roomId(1), user: { id: other, name: 'Bình' } } });
    await becomes(() => expect(one()).toEqual(busy));
    expect([...several().values()]).toEqual([busy]);
    expect(typists().map(({ name }) => name)).toEqual(['Bình']);
    gateway.close(1006);
    await becomes(() => expect(one()).toBeUndefined());
    expect([several().size, typists().length]).toEqual([0, 0]);
  });

  it('F4 takes over what another session has changed of the account', async () => {
    signedIn();
    await online();
    gateway.say({ event: 'meChanged', data: { ...ME, name: 'Ân', status: 'busy' } });
    await becomes(() => expect(TestBed.inject(Session).me()).toEqual({ ...ME, name: 'Ân', status: 'busy' }));
  });
});
