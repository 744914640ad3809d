import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage, inAnotherTab } from '../../testing/fake-storage';
import { Page } from '../../testing/page';
import { ME } from '../../testing/samples';
import { SIGNED_IN, signedIn } from '../../testing/signed-in';
import { Confirm } from '../shared/confirm';
import { Language } from '../shared/language';
import { Theme } from '../shared/theme';
import { Session } from './session';
import { SettingsPage } from './settings-page';

const NAME = 'input[autocomplete=name]';

describe('SettingsPage', () => {
  let server: FakeServer;
  let chat: FakeChat;
  const ask = jest.fn<Promise<boolean>, [unknown]>();

  beforeEach(() => {
    emptyStorage();
    signedIn();
    ask.mockReset();
    chat = new FakeChat();
    server = new FakeServer().install().answer('POST /api/signout', 204);
    TestBed.configureTestingModule({
      providers: [provideRouter([]), chat.provider, { provide: Confirm, useValue: { ask } }],
    });
  });

  async function press(page: Page<SettingsPage>, text: string): Promise<void> {
    const button = [...page.element.querySelectorAll('button')].find((one) => one.textContent?.trim() === text);
    button?.click();
    await page.settled();
  }

  it('changes the name, and offers to save only what differs', async () => {
    server.answer('PATCH /api/me', 200, { ...ME, name: 'Ân' });
    const page = await Page.of(SettingsPage);
    expect(page.element.querySelector('parley-name-form [type=submit]')).toBeNull();
    await page.type(NAME, '  Ân ');
    await page.submit();
    expect(TestBed.inject(Session).me()?.name).toBe('Ân');
    expect([
      page.find<HTMLInputElement>(NAME).value,
      page.element.querySelector('parley-name-form [type=submit]'),
    ]).toEqual(['Ân', null]);
    expect(document.body.textContent).toContain('Saved.');
  });

  it.each([
    ['administrator', true],
    ['user', false],
  ] as const)('S16 says whether somebody is the administrator: %s', async (role, isSaid) => {
    signedIn({ user: { ...ME, role } });
    const page = await Page.of(SettingsPage);
    expect(page.text.includes('Administrator')).toBe(isSaid);
  });

  it('tells at the field why a name is refused, and keeps what was typed', async () => {
    server.answer('PATCH /api/me', 422, { code: 'VALIDATION_FAILED', message: '', fields: { name: 'Too plain.' } });
    const page = await Page.of(SettingsPage);
    await page.type(NAME, 'X');
    await page.submit();
    expect([page.texts('mat-error'), page.find<HTMLInputElement>(NAME).value]).toEqual([['Too plain.'], 'X']);
  });

  describe('the password', () => {
    const [CURRENT, NEW] = ['input[autocomplete=current-password]', 'input[autocomplete=new-password]'];
    const FORM = 'parley-password-form form';
    const CHANGE = 'POST /api/me/password';

    async function changes(current: string, to: string): Promise<Page<SettingsPage>> {
      const page = await Page.of(SettingsPage);
      await page.type(CURRENT, current);
      await page.type(NEW, to);
      page.find(FORM).dispatchEvent(new Event('submit', { cancelable: true, bubbles: true }));
      await page.settled();
      return page;
    }
    const problems = (page: Page<SettingsPage>) => page.texts(`${FORM} mat-error`);
    const typed = (page: Page<SettingsPage>) => [CURRENT, NEW].map((at) => page.find<HTMLInputElement>(at).value);

    it('S6 is changed, and nothing of it stays in the form', async () => {
      server.answer(CHANGE, 204);
      const page = await changes('correct horse', 'battery staple');
      expect(server.changes).toMatchObject([
        { call: CHANGE, body: { current: 'correct horse', new: 'battery staple' } },
      ]);
      expect([typed(page), problems(page)]).toEqual([['', ''], []]);
      expect(document.body.textContent).toContain('Your other devices are signed out.');
    });

    it('S5 is asked for again where the current one is wrong; one stays signed in', async () => {
      const fields = { current: 'That is not your password.' };
      server.answer(CHANGE, 403, { code: 'WRONG_PASSWORD', message: '', fields });
      const page = await changes('wrong', 'battery staple');
      expect([problems(page), typed(page)]).toEqual([['That is not your password.'], ['wrong', 'battery staple']]);
      expect(TestBed.inject(Session).me()).toEqual(ME);
    });

    it('S5 says what is missing before anything is sent, and what failed afterwards', async () => {
      const page = await changes('', 'short');
      expect(problems(page)).toEqual(['Enter your password.', '3 more characters.']);
      expect(server.changes).toEqual([]);
      server.answer(CHANGE, 429, { code: 'RATE_LIMITED', message: '', retryAfter: 60 });
      const other = await changes('wrong', 'battery staple');
      expect(other.texts('parley-password-form [role=alert]')).toEqual([expect.stringContaining('That was too fast.')]);
    });
  });

  it('follows a name that was changed in another tab', async () => {
    const page = await Page.of(SettingsPage);
    inAnotherTab('parley.session', { ...SIGNED_IN, user: { ...ME, name: 'Ân' } });
    await page.settled();
    expect(page.find<HTMLInputElement>(NAME).value).toBe('Ân');
  });

  it('changes theme and language at once', async () => {
    const page = await Page.of(SettingsPage);
    await press(page, 'Dark');
    expect(TestBed.inject(Theme).name()).toBe('dark');
    await press(page, 'Tiếng Việt');
    await eventually(() => expect(TestBed.inject(Language).code()).toBe('vi'));
    await page.settled();
    expect(page.find('h1').textContent).toBe('Cài đặt');
  });

  it('S18 signs out at once when everything is sent', async () => {
    await press(await Page.of(SettingsPage), 'Sign out');
    expect([TestBed.inject(Session).me(), ask.mock.calls]).toEqual([null, []]);
  });

  it('asks before unsent messages are lost', async () => {
    const message = { room: 'r', clientId: 'c', text: 'unsent' };
    chat.outbox.set([{ message, queuedAt: '', order: 1 }]);
    const page = await Page.of(SettingsPage);
    ask.mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    await press(page, 'Sign out');
    expect(ask).toHaveBeenCalledWith(expect.objectContaining({ text: expect.stringContaining('One message') }));
    expect(TestBed.inject(Session).me()).toEqual(ME);
    await press(page, 'Sign out');
    expect(TestBed.inject(Session).me()).toBeNull();
  });
});
