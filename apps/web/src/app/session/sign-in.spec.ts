import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage } from '../../testing/fake-storage';
import { Page } from '../../testing/page';
import { ME } from '../../testing/samples';
import { SIGNED_IN, signedIn } from '../../testing/signed-in';
import { Session } from './session';
import { SignInPage } from './sign-in';

const PHONE = 'input[type=tel]';
const PASSWORD = 'input[autocomplete=current-password]';

describe('SignInPage', () => {
  let server: FakeServer;

  beforeEach(() => {
    emptyStorage();
    server = new FakeServer().install();
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
  });

  async function filled(): Promise<Page<SignInPage>> {
    const page = await Page.of(SignInPage);
    await page.type(PHONE, '+84 912 345 567');
    await page.type(PASSWORD, 'correct horse');
    return page;
  }

  it('S16 signs in, with the number as the world writes it', async () => {
    server.answer('POST /api/signin', 200, { token: 't', user: ME, expires_at: SIGNED_IN.expires_at });
    await (await filled()).submit();
    expect(server.changes.map(({ body }) => body)).toEqual([{ phone: '+84912345567', password: 'correct horse' }]);
    expect(TestBed.inject(Session).me()).toEqual(ME);
  });

  it('S16 says at each field what it lacks, and asks the server for nothing', async () => {
    const page = await Page.of(SignInPage);
    await page.submit();
    expect(page.texts('mat-error')).toEqual(['Enter your phone number.', 'Enter your password.']);
    await page.type(PHONE, '12');
    expect(page.texts('mat-error')[0]).toBe('This does not look like a phone number.');
    expect(server.changes).toEqual([]);
  });

  it('S5 tells wrong credentials, as one failure, and lets them be corrected', async () => {
    server.answer('POST /api/signin', 401, { code: 'BAD_CREDENTIALS', message: 'No.' });
    const page = await filled();
    await page.submit();
    expect(page.find('[role=alert]').textContent).toBe('Phone number or password is wrong.');
    server.instead('POST /api/signin', 200, { token: 't', user: ME, expires_at: SIGNED_IN.expires_at });
    await page.submit();
    expect(page.element.querySelector('[role=alert]')).toBeNull();
    expect(TestBed.inject(Session).me()).toEqual(ME);
  });

  it.each([
    [503, { code: 'REALTIME_UNAVAILABLE', message: '' }, /just starting/],
    [429, { code: 'RATE_LIMITED', message: '', retryAfter: 9 }, /in 9 seconds/],
    [502, undefined, /just now/],
  ])('tells what to do when the server answers with %i', async (status, body, told) => {
    server.answer('POST /api/signin', status, body);
    const page = await filled();
    await page.submit();
    expect(page.find('[role=alert]').textContent).toMatch(told);
  });

  it('tells that the server cannot be reached', async () => {
    const page = await filled();
    await page.submit();
    expect(page.find('[role=alert]').textContent).toMatch(/cannot be reached/);
  });

  it('tells why a session has ended', async () => {
    signedIn();
    TestBed.inject(Session).end('revoked');
    const page = await Page.of(SignInPage);
    expect(page.find('[role=status]').textContent).toMatch(/ended from another device/);
  });

  it('shows the password when asked, and hides it again', async () => {
    const page = await filled();
    const kind = () => page.find<HTMLInputElement>(PASSWORD).type;
    const toggle = 'parley-password-field button';
    expect([kind(), page.find(toggle).getAttribute('aria-label')]).toEqual(['password', 'Show password']);
    await page.click(toggle);
    expect([kind(), page.find(toggle).getAttribute('aria-label')]).toEqual(['text', 'Hide password']);
    await page.click(toggle);
    expect(kind()).toBe('password');
  });
});
