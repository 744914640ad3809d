import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { ME } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { Notes } from '../shared/notes';
import { AccountMenu } from './account-menu';
import { Session } from './session';

describe('AccountMenu', () => {
  const notes = { fail: jest.fn() };
  let chat: FakeChat;
  let server: FakeServer;

  beforeEach(() => {
    localStorage.clear();
    notes.fail.mockClear();
    chat = new FakeChat();
    server = new FakeServer().install();
    TestBed.configureTestingModule({
      providers: [provideRouter([]), chat.provider, { provide: Notes, useValue: notes }],
    });
  });

  const menu = (user = ME): Promise<Page<AccountMenu>> => {
    signedIn({ user });
    return Page.of(AccountMenu);
  };
  const status = (page: Page<AccountMenu>) => page.fixture.componentInstance.choice().options;
  const face = (page: Page<AccountMenu>) => page.find('parley-avatar').dataset['presence'];

  it('F4 offers the statuses, marks the one that is, and shows it on the face while there is a connection', async () => {
    const page = await menu({ ...ME, status: 'busy' });
    expect(status(page).map(({ text, sign, isChosen }) => [text, sign, isChosen])).toEqual([
      ['Available', 'online', false],
      ['Away', 'away', false],
      ['Busy', 'busy', true],
    ]);
    expect([face(page), page.find('button').ariaLabel ?? page.find('button').getAttribute('aria-label')]).toEqual([
      'busy',
      'Your account: Busy',
    ]);
    chat.state.set({ status: 'connecting' });
    await page.settled();
    expect(face(page)).toBeUndefined();
  });

  it('F4 takes what an older version has kept as available', async () => {
    const { status: _unknown, ...old } = ME;
    const page = await menu(old as typeof ME);
    expect(status(page).find(({ isChosen }) => isChosen)?.text).toBe('Available');
    expect(page.find('button').getAttribute('aria-label')).toBe('Your account');
  });

  it('F4 tells the server what was chosen, and shows what that answers', async () => {
    server.answer('PATCH /api/me', 200, { ...ME, status: 'away' });
    const page = await menu();
    status(page)[1]!.act();
    await eventually(() => expect(TestBed.inject(Session).me()?.status).toBe('away'));
    await page.settled();
    expect(face(page)).toBe('away');
  });

  it('F4 says so when it could not be changed', async () => {
    server.answer('PATCH /api/me', 503, { code: 'UNAVAILABLE', message: 'Away.' });
    const page = await menu();
    status(page)[2]!.act();
    await eventually(() => expect(notes.fail).toHaveBeenCalledTimes(1));
    expect(status(page).find(({ isChosen }) => isChosen)?.text).toBe('Available');
  });
});
