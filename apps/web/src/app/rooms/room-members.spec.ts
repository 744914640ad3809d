import { Component, computed, inject, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { LogEntry, Member } from '@parley/contract';
import { eventually } from '../../testing/eventually';
import { FakeServer } from '../../testing/fake-server';
import { ME, message, personId, roomId, roomState, system } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { RoomMembers } from './room-members';

const LIST = `GET /api/rooms/${roomId(1)}/members`;
const FIRST = `${LIST}?limit=50`;

const member = (number: number, name = `Person ${number}`): Member => ({
  id: personId(number),
  name,
  phone: '',
  role: 'member',
  joined_at: ME.created_at,
});

const entries = signal<readonly LogEntry[]>([]);

@Component({ selector: 'parley-test', template: '', providers: [RoomMembers] })
class Shown {
  readonly members = inject(RoomMembers);

  constructor() {
    this.members.follow(computed(() => roomState(entries())));
  }
}

describe('RoomMembers', () => {
  let server: FakeServer;
  const asked = () => server.calls.map(({ call }) => call.replace(LIST, ''));
  const names = (members: RoomMembers) => members.shown().map(({ name }) => name);

  function follow(): RoomMembers {
    const fixture = TestBed.createComponent(Shown);
    fixture.autoDetectChanges();
    return fixture.componentInstance.members;
  }

  /** The next call is answered with what the server says now, but only when it is told to. */
  function withheld() {
    const answer = globalThis.fetch;
    let come: (() => void) | undefined;
    globalThis.fetch = async (...call) => {
      const response = await answer(...call);
      await new Promise<void>((resolve) => (come = resolve));
      return response;
    };
    const comes = async () => {
      come?.();
      // A turn, in which whatever the answer leads to has happened.
      await new Promise<void>((resolve) => setTimeout(() => resolve()));
    };
    return { isAsked: () => come !== undefined, comes };
  }

  beforeEach(() => {
    signedIn();
    entries.set([message(1)]);
    server = new FakeServer().install();
    server.answer(FIRST, 200, { items: [member(1), member(2)], next: 'c2' });
    server.answer(`${LIST}?after=c2&limit=50`, 200, { items: [member(3, 'Bình')], next: null });
  });

  it('comes in pages', async () => {
    const members = follow();
    await eventually(() => expect(names(members)).toEqual(['Person 1', 'Person 2']));
    expect(members.hasMore()).toBe(true);
    await members.loadMore(roomId(1));
    expect(names(members)).toEqual(['Person 1', 'Person 2', 'Bình']);
    expect(members.hasMore()).toBe(false);
  });

  it('S9 S10 is fetched anew when somebody comes or goes, as far as it was shown, and not for a message', async () => {
    const members = follow();
    await eventually(() => expect(names(members)).toHaveLength(2));
    await members.loadMore(roomId(1));
    entries.set([message(1), message(2)]);
    TestBed.tick();
    expect(asked()).toHaveLength(2);
    server.instead(FIRST, 200, { items: [member(1), member(4, 'Chi')], next: 'c2' });
    entries.set([message(1), message(2), system(3)]);
    await eventually(() => expect(names(members)).toEqual(['Person 1', 'Chi', 'Bình']));
  });

  it('S9 S10 shows the last answer that was asked for, in whatever order they come', async () => {
    const members = follow();
    await eventually(() => expect(names(members)).toHaveLength(2));
    const late = withheld();
    entries.set([message(1), system(2)]);
    await eventually(() => expect(late.isAsked()).toBe(true));
    server.install().instead(FIRST, 200, { items: [member(4, 'Chi')], next: null });
    entries.set([message(1), system(2), system(3)]);
    await eventually(() => expect(names(members)).toEqual(['Chi']));
    await late.comes();
    expect(names(members)).toEqual(['Chi']);
  });

  it('finds a member by asking for as many pages as it takes', async () => {
    const members = follow();
    await eventually(() => expect(names(members)).toHaveLength(2));
    members.query.set('binh');
    await eventually(() => expect(names(members)).toEqual(['Bình']));
    expect(asked()).toEqual(['?limit=50', '?after=c2&limit=50']);
  });

  it('says that it failed, and does not ask again by itself', async () => {
    server.instead(FIRST, 503, { code: 'UNAVAILABLE', message: '' });
    const members = follow();
    await eventually(() => expect(members.error()).toMatchObject({ code: 'UNAVAILABLE' }));
    members.query.set('b');
    TestBed.tick();
    expect(asked()).toHaveLength(1);
    server.instead(FIRST, 200, { items: [member(1)], next: null });
    await members.loadMore(roomId(1));
    expect(members.error()).toBeNull();
  });
});
