import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Session as Entry } from '@parley/contract';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage } from '../../testing/fake-storage';
import { Page } from '../../testing/page';
import { signedIn } from '../../testing/signed-in';
import { Confirm } from '../shared/confirm';
import { SessionsPage } from './sessions-page';

const LIST = 'GET /api/sessions';

function entry(id: string, given: Partial<Entry> = {}): Entry {
  const at = '2026-11-20T08:00:00.000Z';
  const device = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  return {
    id,
    device,
    created_at: at,
    last_seen_at: at,
    expires_at: '2999-01-01T00:00:00.000Z',
    current: false,
    ...given,
  };
}

describe('SessionsPage', () => {
  let server: FakeServer;
  const ask = jest.fn<Promise<boolean>, [unknown]>();
  const ended = () => server.calls.map(({ call }) => call).filter((call) => call.startsWith('DELETE'));
  const shown = (page: Page<SessionsPage>) => page.texts('parley-session-card h2');

  beforeEach(() => {
    emptyStorage();
    signedIn();
    ask.mockReset().mockResolvedValue(true);
    server = new FakeServer().install();
    const items = [
      entry('old', { device: 'curl/8', last_seen_at: '2026-11-01T08:00:00.000Z' }),
      entry('here', { current: true }),
      entry('phone', { device: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile Safari/604.1' }),
    ];
    server.answer(LIST, 200, { items: items.slice(0, 2), next: 'c1' });
    server.answer(`${LIST}?after=c1`, 200, { items: items.slice(2), next: null });
    TestBed.configureTestingModule({
      providers: [provideRouter([]), new FakeChat().provider, { provide: Confirm, useValue: { ask } }],
    });
  });

  it('S6 shows every session, page after page: this one first, then the latest', async () => {
    const page = await Page.of(SessionsPage);
    expect(shown(page)).toEqual(['Firefox on Linux', 'Safari on iPhone', 'curl']);
    expect(page.texts('.current')).toEqual(['This device · Active now']);
    expect(page.texts('parley-session-card button')).toEqual(['End', 'End']);
  });

  it('S6 ends one, once the person agrees, and shows what is left', async () => {
    server.answer('DELETE /api/sessions/phone', 204);
    const page = await Page.of(SessionsPage);
    server.instead(LIST, 200, { items: [entry('here', { current: true })], next: null });
    await page.click('[aria-label="End the session: Safari on iPhone"]');
    expect(ask).toHaveBeenCalledWith(expect.objectContaining({ text: 'Safari on iPhone is signed out at once.' }));
    await eventually(() => expect(shown(page)).toEqual(['Firefox on Linux']));
    expect([ended(), page.text]).toEqual([
      ['DELETE /api/sessions/phone'],
      expect.stringContaining('on this device only'),
    ]);
  });

  it('ends nothing if the person does not agree', async () => {
    ask.mockResolvedValue(false);
    const page = await Page.of(SessionsPage);
    await page.click('[aria-label="End the session: curl"]');
    await page.click('.all');
    expect(ended()).toEqual([]);
  });

  it('S6 ends all others; one that has ended meanwhile is no failure', async () => {
    server.answer('DELETE /api/sessions/phone', 404, { code: 'SESSION_NOT_FOUND', message: '' });
    server.answer('DELETE /api/sessions/old', 204);
    const page = await Page.of(SessionsPage);
    await page.click('.all');
    await eventually(() => expect(ended()).toEqual(['DELETE /api/sessions/phone', 'DELETE /api/sessions/old']));
    await eventually(() => expect(document.body.textContent).toContain('2 sessions ended.'));
  });

  it('tells why one could not be ended', async () => {
    server.answer('DELETE /api/sessions/old', 503, { code: 'UNAVAILABLE', message: '' });
    const page = await Page.of(SessionsPage);
    await page.click('[aria-label="End the session: curl"]');
    await eventually(() => expect(document.body.textContent).toContain('The server cannot do that just now.'));
    expect(shown(page)).toContain('curl');
  });

  it('tells that they could not be loaded, and tries again when asked', async () => {
    const sound = server;
    server = new FakeServer().install();
    const page = await Page.of(SessionsPage);
    expect(page.text).toContain('Your sessions could not be loadedThe server cannot be reached.');
    sound.install();
    await page.click('parley-notice button');
    await eventually(() => expect(shown(page)).toHaveLength(3));
  });
});
