import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { roomId } from '../../../testing/samples';
import { Session } from '../../session/session';
import { Drafts } from './drafts';

describe('Drafts', () => {
  const account = signal<string | null>('an');

  beforeEach(() => {
    localStorage.clear();
    account.set('an');
    TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { account } }] });
  });

  /** As after a reload. */
  function reloaded(): Drafts {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { account } }] });
    return TestBed.inject(Drafts);
  }

  it('keeps what was begun in each room, over a reload', () => {
    TestBed.inject(Drafts).keep(roomId(1), 'one');
    TestBed.inject(Drafts).keep(roomId(2), 'two');
    const drafts = reloaded();
    expect([drafts.in(roomId(1)), drafts.in(roomId(2)), drafts.in(roomId(3))]).toEqual(['one', 'two', '']);
  });

  it('keeps them apart by account', () => {
    const drafts = TestBed.inject(Drafts);
    drafts.keep(roomId(1), 'An’s');
    account.set('binh');
    expect(drafts.in(roomId(1))).toBe('');
    drafts.keep(roomId(1), 'Bình’s');
    account.set('an');
    expect(drafts.in(roomId(1))).toBe('An’s');
  });

  it('forgets what was sent', () => {
    const drafts = TestBed.inject(Drafts);
    drafts.keep(roomId(1), 'one');
    drafts.keep(roomId(1), '');
    expect(localStorage.getItem('parley.drafts.an')).toBe('{}');
  });

  it('takes what another tab has written', () => {
    const drafts = TestBed.inject(Drafts);
    expect(drafts.in(roomId(1))).toBe('');
    const newValue = JSON.stringify({ [roomId(1)]: 'from there' });
    window.dispatchEvent(new StorageEvent('storage', { key: 'parley.drafts.an', newValue }));
    expect(drafts.in(roomId(1))).toBe('from there');
  });

  it.each(['null', '[]', '"x"', '{"room":7}', 'not json'])('begins anew where %s was found', (found) => {
    localStorage.setItem('parley.drafts.an', found);
    expect(TestBed.inject(Drafts).in('room')).toBe('');
  });
});
