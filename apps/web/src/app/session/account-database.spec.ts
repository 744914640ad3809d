import { eventually } from '../../testing/eventually';
import { emptyStorage } from '../../testing/fake-storage';
import { message, roomId, roomState } from '../../testing/samples';
import { AccountDatabase } from './account-database';
import { KeptRooms } from './kept-rooms';

const item = (clientId: string, text = 'Hello') => ({
  message: { room: roomId(1), clientId, text },
  queuedAt: '2026-11-22T08:00:00.000Z',
  order: 1,
});
const room = (number: number, seq = 1) =>
  roomState(
    [...Array(seq).keys()].map((at) => message(at + 1, { room: roomId(number) })),
    { id: roomId(number) },
  );

describe('AccountDatabase', () => {
  let database: AccountDatabase;

  beforeEach(() => {
    emptyStorage();
    database = new AccountDatabase('me');
  });
  afterEach(async () => database.close());

  it('keeps the outbox for the next start, each message once, of this account only', async () => {
    await database.outbox.put(item('a'));
    await database.outbox.put(item('b'));
    await database.outbox.put(item('a', 'Hello again 👋'));
    await database.outbox.remove('b');
    await database.outbox.remove('nobody');
    const next = new AccountDatabase('me');
    expect(await next.outbox.load()).toEqual([item('a', 'Hello again 👋')]);
    expect(await new AccountDatabase('somebody-else').outbox.load()).toEqual([]);
    await next.close();
  });

  it('can be removed while another tab has it open', async () => {
    await database.outbox.put(item('a'));
    await AccountDatabase.remove('me');
    expect(await indexedDB.databases()).toEqual([]);
  });

  /** A database that does not open in time: a tab that sleeps is in the way. */
  async function blocked(account: string): Promise<{ late: AccountDatabase; asleep: IDBDatabase }> {
    const asleep = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(`parley-${account}`);
      opening.onsuccess = () => resolve(opening.result);
    });
    indexedDB.deleteDatabase(`parley-${account}`);
    return { late: new AccountDatabase(account), asleep };
  }

  it('S18 writes down what was written before it opened, once it is open', async () => {
    const { late, asleep } = await blocked('early');
    const early = ['a', 'b'].map((clientId) => late.outbox.put(item(clientId)));
    early.push(late.outbox.put(item('a', 'Hello again')), late.outbox.remove('b'));
    for (const each of await Promise.allSettled(early)) expect(each.status).toBe('rejected');
    await expect(late.outbox.put(item('c'))).rejects.toThrow('does not open');
    asleep.close();
    await eventually(() => late.outbox.put(item('d')));
    expect(await late.outbox.load()).toEqual([item('a', 'Hello again'), item('c'), item('d')]);
    await late.close();
  });

  it('S18 keeps what it can as soon as a tab that sleeps is no longer in the way', async () => {
    const { late, asleep } = await blocked('late');
    await expect(late.outbox.load()).rejects.toThrow('does not open');
    asleep.close();
    await eventually(() => late.outbox.put(item('a')));
    expect(await late.outbox.load()).toEqual([item('a')]);
    await late.close();
  });

  it('fails each call, and nothing else, where the browser keeps nothing', async () => {
    jest.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('forbidden', 'SecurityError');
    });
    const forbidden = new AccountDatabase('private');
    await expect(forbidden.outbox.load()).rejects.toThrow('forbidden');
    expect(await new KeptRooms(forbidden).load()).toEqual([]);
    jest.restoreAllMocks();
  });
});

describe('KeptRooms', () => {
  let database: AccountDatabase;
  const kept = async () => (await database.rooms()).map((state) => state.room.id);

  beforeEach(() => {
    emptyStorage();
    database = new AccountDatabase('me');
  });
  afterEach(async () => database.close());

  it('gives back what was there, without what belongs to the life before', async () => {
    const pending = [{ message: item('a').message, queuedAt: '2026-11-22T08:00:00.000Z' }];
    await new KeptRooms(database).save([{ ...room(1, 3), pending, held: [message(9)] }]);
    expect(await new KeptRooms(database).load()).toEqual([room(1, 3)]);
  });

  it('keeps the newest entries and the latest rooms only', async () => {
    await new KeptRooms(database).save([...Array(101).keys()].map((at) => room(at + 1, at === 0 ? 40 : 1)));
    const [first, ...others] = await database.rooms();
    expect([first?.base, first?.entries.length, first?.hasOlder, others.length]).toEqual([10, 30, true, 99]);
  });

  it('writes what has changed, forgets what is gone, and nothing else', async () => {
    const rooms = new KeptRooms(database);
    const [one, two] = [room(1), room(2)];
    await rooms.save([one, two]);
    const write = jest.spyOn(database, 'changeRooms');
    await rooms.save([one, two]);
    expect(write).not.toHaveBeenCalled();
    await rooms.save([room(2, 2)]);
    expect(write).toHaveBeenCalledTimes(1);
    expect(await kept()).toEqual([roomId(2)]);
  });

  it('writes again what could not be written', async () => {
    const rooms = new KeptRooms(database);
    const states = [room(1)];
    jest.spyOn(database, 'changeRooms').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
    await expect(rooms.save(states)).rejects.toThrow('full');
    await rooms.save(states);
    expect(await kept()).toEqual([roomId(1)]);
  });
});
