import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { eventually } from '../../testing/eventually';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage } from '../../testing/fake-storage';
import { Page } from '../../testing/page';
import { ME } from '../../testing/samples';
import { SIGNED_IN } from '../../testing/signed-in';
import { Language } from '../shared/language';
import { PhoneNumbers } from './phone-numbers';
import { Session } from './session';
import { SignUpPage } from './sign-up';

const NAME = 'input[autocomplete=name]';
const PHONE = 'input[type=tel]';
const PASSWORD = 'input[autocomplete=new-password]';
const COUNTRY = 'parley-phone-field select';

describe('SignUpPage', () => {
  let server: FakeServer;

  beforeEach(() => {
    emptyStorage();
    const answer = { token: 't', user: ME, expires_at: SIGNED_IN.expires_at };
    server = new FakeServer().install().answer('POST /api/signup', 201, ME).answer('POST /api/signin', 200, answer);
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
  });

  async function filled(): Promise<Page<SignUpPage>> {
    const page = await Page.of(SignUpPage);
    await eventually(() => expect(TestBed.inject(PhoneNumbers).countries()).not.toEqual([]));
    await page.settled();
    await page.type(NAME, 'An Nguyễn');
    await page.choose(COUNTRY, 'VN');
    await page.type(PHONE, '0912.345.567');
    await page.type(PASSWORD, 'correct horse');
    return page;
  }

  it('S4 S16 makes an account, with the number of the chosen country, and signs in to it', async () => {
    await (await filled()).submit();
    expect(server.changes.map(({ call, body }) => [call, body])).toEqual([
      ['POST /api/signup', { name: 'An Nguyễn', phone: '+84912345567', password: 'correct horse' }],
      ['POST /api/signin', { phone: '+84912345567', password: 'correct horse' }],
    ]);
    expect(TestBed.inject(Session).me()).toEqual(ME);
  });

  it('says beforehand what is asked of a password', async () => {
    expect((await Page.of(SignUpPage)).texts('mat-hint').join()).toMatch(/At least 8 characters/);
  });

  it('S16 says at each field what it lacks, and asks the server for nothing', async () => {
    const page = await Page.of(SignUpPage);
    await page.submit();
    expect(page.texts('mat-error')).toEqual([
      'Tell others your name.',
      'Enter your phone number.',
      'Choose a password.',
    ]);
    await page.type(NAME, '   ');
    await page.type(PASSWORD, '1234567');
    expect(page.texts('mat-error')).toEqual([
      'Tell others your name.',
      'Enter your phone number.',
      'One more character.',
    ]);
    expect(server.changes).toEqual([]);
  });

  it('S4 tells at the number that it has an account already', async () => {
    const fields = { phone: 'The wire’s words.' };
    server.instead('POST /api/signup', 409, { code: 'PHONE_TAKEN', message: '', fields });
    const page = await filled();
    await page.submit();
    expect(page.texts('parley-phone-field mat-error')).toEqual([
      expect.stringMatching(/account with this phone number/),
    ]);
    expect(page.element.querySelector('[role=alert]')).toBeNull();
    await page.type(PHONE, '0912345568');
    expect(page.texts('mat-error')).toEqual([]);
  });

  it('tells what the server says of a field, in the reader’s language', async () => {
    const fields = { name: 'A name needs something to see.' };
    server.instead('POST /api/signup', 422, { code: 'VALIDATION_FAILED', message: '', fields });
    const page = await filled();
    TestBed.inject(Language).choose('vi');
    await eventually(() => expect(TestBed.inject(Language).code()).toBe('vi'));
    await page.submit();
    expect(page.texts('mat-error')).toEqual(['Tên này chưa dùng được. Bạn chọn tên khác nhé.']);
  });

  it('tells a failure of fields that the form does not have as a whole', async () => {
    const fields = { colour: 'Not asked for.' };
    server.instead('POST /api/signup', 422, { code: 'VALIDATION_FAILED', message: '', fields });
    const page = await filled();
    await page.submit();
    expect(page.find('[role=alert]').textContent).toMatch(/not right yet/);
  });

  it('does not make the account twice when only the sign-in failed', async () => {
    server.instead('POST /api/signin', 503, { code: 'REALTIME_UNAVAILABLE', message: '' });
    const page = await filled();
    await page.submit();
    expect(page.find('[role=alert]').textContent).toMatch(/just starting/);
    server.instead('POST /api/signin', 200, { token: 't', user: ME, expires_at: SIGNED_IN.expires_at });
    await page.submit();
    expect(server.calls.filter(({ call }) => call === 'POST /api/signup')).toHaveLength(1);
    expect(TestBed.inject(Session).me()).toEqual(ME);
  });

  it('takes the country from a number that names it', async () => {
    const page = await filled();
    await page.type(PHONE, '+44 7400 123456');
    expect([page.find<HTMLInputElement>(PHONE).value, page.find<HTMLSelectElement>(COUNTRY).value]).toEqual([
      '07400 123456',
      'GB',
    ]);
    expect(page.texts('.country > span')).toEqual(['🇬🇧 +44']);
  });
});
