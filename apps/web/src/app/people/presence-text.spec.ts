import { TestBed } from '@angular/core/testing';
import { Moments } from '../shared/moments';
import { en } from '../shared/words/en';
import { vi } from '../shared/words/vi';
import { presenceText } from './presence-text';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const user = 'b'.repeat(24);
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000).toISOString();

describe('F4 how somebody is', () => {
  it.each([
    [{ presence: 'online' }, 'Online', 'Đang hoạt động'],
    [{ presence: 'away' }, 'Away', 'Vắng mặt'],
    [{ presence: 'busy' }, 'Busy', 'Đang bận'],
    [{ presence: 'offline' }, 'Offline', 'Ngoại tuyến'],
    [{ presence: 'offline', since: ago(30) }, 'Last seen just now', 'Vừa hoạt động'],
    // A server's clock can be ahead of this one.
    [{ presence: 'offline', since: ago(-20) }, 'Last seen just now', 'Vừa hoạt động'],
  ] as const)('F4 %j is said as %s', (state, english, vietnamese) => {
    const moments = TestBed.inject(Moments);
    expect(presenceText({ user, ...state }, en, moments, NOW)).toBe(english);
    expect(presenceText({ user, ...state }, vi, moments, NOW)).toBe(vietnamese);
  });

  it('F4 it is said how long ago somebody was there', () => {
    const said = (seconds: number) =>
      presenceText({ user, presence: 'offline', since: ago(seconds) }, en, TestBed.inject(Moments), NOW);
    expect([300, 7_200, 86_400].map(said)).toEqual([
      'Last seen 5 minutes ago',
      'Last seen 2 hours ago',
      'Last seen yesterday',
    ]);
  });
});
