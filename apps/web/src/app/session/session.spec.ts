import { TestBed } from '@angular/core/testing';
import fc from 'fast-check';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage, inAnotherTab } from '../../testing/fake-storage';
import { eventually } from '../../testing/eventually';
import { ME } from '../../testing/samples';
import { SIGNED_IN, signedIn } from '../../testing/signed-in';
import { AccountDatabase } from './account-database';
import { Session } from './session';

const ANSWER = { token: 'token-1', user: ME, expires_at: SIGNED_IN.expires_at };
const CREDENTIALS = { phone: ME.phone, password: 'correct horse' };

describe('Session', () => {
  let server: FakeServer;
  const session = () => TestBed.inject(Session);
  const afterReload = () => {
    TestBed.resetTestingModule();
    return session();
  };

  beforeEach(() => {
    emptyStorage();
    server = new FakeServer().install().answer('POST /api/signin', 200, ANSWER).answer('POST /api/signout', 204);
  });

  it('S18 outlives a reload', async () => {
    await session().signIn(CREDENTIALS);
    expect(afterReload().me()).toEqual(ME);
    expect(session().token()).toBe('token-1');
  });

  it('S18 is gone after sign-out, here and on the server, also after a reload', async () => {
    signedIn();
    await session().signOut();
    expect([session().me(), session().ending()]).toEqual([null, 'signedOut']);
    expect(server.calls).toEqual([expect.objectContaining({ call: 'POST /api/signout', token: 'token-1' })]);
    expect(afterReload().me()).toBeNull();
    expect(localStorage.getItem('parley.session')).not.toContain('token-1');
  });

  it('S18 begins and ends in every tab', () => {
    const here = session();
    inAnotherTab('parley.session', SIGNED_IN);
    expect(here.me()).toEqual(ME);
    inAnotherTab('parley.session', { status: 'out', ending: 'signedOut' });
    expect([here.me(), here.ending()]).toEqual([null, 'signedOut']);
    inAnotherTab('parley.session', SIGNED_IN);
    inAnotherTab('parley.session', null);
    expect(here.me()).toBeNull();
  });

  it('is gone after sign-out also where the server cannot be reached', async () => {
    signedIn();
    globalThis.fetch = () => Promise.reject(new TypeError('offline'));
    await session().signOut();
    expect(session().me()).toBeNull();
  });

  it('ends with a reason when the server no longer knows its token', async () => {
    signedIn();
    server.answer('GET /api/me', 401, { code: 'NOT_SIGNED_IN', message: 'No.' });
    await expect(session().rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect([session().me(), session().ending()]).toEqual([null, 'revoked']);
  });

  it('is not ended by a wrong password, nor by the late answer to another session’s call', async () => {
    server.instead('POST /api/signin', 401, { code: 'BAD_CREDENTIALS', message: 'No.' });
    await expect(session().signIn(CREDENTIALS)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
    expect(session().ending()).toBeNull();

    signedIn();
    const answered = afterReload();
    server.answer('GET /api/me', 401, { code: 'NOT_SIGNED_IN', message: 'No.' });
    const late = answered.rest.me();
    inAnotherTab('parley.session', { ...SIGNED_IN, token: 'token-2' });
    await expect(late).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(answered.token()).toBe('token-2');
  });

  it('has expired when its time is over, and says so', () => {
    signedIn({ expires_at: '2020-01-01T00:00:00.000Z' });
    expect([session().me(), session().token(), session().ending()]).toEqual([null, null, 'expired']);
    session().end('revoked');
    expect(afterReload().ending()).toBe('expired');
  });

  it('keeps the first reason', () => {
    signedIn();
    session().end('revoked');
    session().end('signedOut');
    expect(session().ending()).toBe('revoked');
  });

  it('leaves nothing behind after sign-out; ended from elsewhere, what is unsent stays and what was read goes', async () => {
    const keep = async () => {
      const database = new AccountDatabase(ME.id);
      const message = { room: 'r', clientId: 'c', text: 'unsent' };
      await database.outbox.put({ message, queuedAt: '', order: 1 });
      await database.close();
    };
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    await keep();
    localStorage.setItem(`parley.drafts.${ME.id}`, '{"r":"begun"}');
    signedIn();
    session().end('revoked');
    await eventually(async () => expect(await new AccountDatabase(ME.id).outbox.load()).toHaveLength(1));
    expect(localStorage.getItem(`parley.drafts.${ME.id}`)).not.toBeNull();

    signedIn();
    await afterReload().signOut();
    await eventually(async () => expect(await databases()).toEqual([]));
    expect(localStorage.getItem(`parley.drafts.${ME.id}`)).toBeNull();
  });

  it('takes a new name, of the same account only', () => {
    signedIn();
    session().update({ ...ME, name: 'Ân' });
    session().update({ ...ME, id: 'other', name: 'Bình' });
    expect([afterReload().me()?.name, session().account()]).toEqual(['Ân', ME.id]);
  });

  it('takes whatever it finds for nobody, unless it is a session', () => {
    const found = fc.oneof(
      fc.jsonValue(),
      fc.record({ status: fc.constantFrom('in', 'out', 1), token: fc.jsonValue(), user: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(found, (value) => {
        localStorage.setItem('parley.session', JSON.stringify(value));
        expect(afterReload().me()).toBeNull();
      }),
    );
  });
});
