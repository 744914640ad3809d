import { TestBed } from '@angular/core/testing';
import { LIMITS } from '@parley/contract';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { Page } from '../../testing/page';
import { personId, privateChat } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { PersonPicker } from './person-picker';

const FIELD = 'input';
const found = (q: string) => `GET /api/search_users?q=${encodeURIComponent(q).replaceAll('%20', '+')}&limit=30`;

describe('PersonPicker', () => {
  const chat = new FakeChat();
  let server: FakeServer;

  beforeEach(() => {
    signedIn();
    chat.rooms.set([privateChat(2, 'Bình Trần'), privateChat(3, 'Chi Vũ')]);
    server = new FakeServer().install();
    TestBed.configureTestingModule({ providers: [chat.provider] });
  });

  const picker = (inputs = {}) => Page.of(PersonPicker, { label: 'People', ...inputs });
  const offered = (page: Page<PersonPicker>) => page.texts('[role=option] .name');
  const chosen = (page: Page<PersonPicker>) => page.texts('ul > li');

  async function choose(page: Page<PersonPicker>, name: string): Promise<void> {
    const options = [...page.element.querySelectorAll<HTMLElement>('[role=option]')];
    options.find((option) => option.textContent?.includes(name))?.click();
    await page.settled();
  }

  it('S17 offers those whom one talks to before anything is typed', async () => {
    const page = await picker();
    expect(offered(page)).toEqual(['Bình Trần', 'Chi Vũ']);
  });

  it('S17 lists whom one chooses, and lets each be taken out again', async () => {
    const page = await picker();
    await choose(page, 'Bình');
    await choose(page, 'Chi');
    expect(chosen(page)).toEqual(['Bình Trần', 'Chi Vũ']);
    expect(page.texts('[aria-selected=true] .name')).toEqual(['Bình Trần', 'Chi Vũ']);
    await page.click('[aria-label="Remove Bình Trần"]');
    expect(chosen(page)).toEqual(['Chi Vũ']);
    await choose(page, 'Chi');
    expect(chosen(page)).toEqual([]);
  });

  it('S17 finds somebody by the whole number, and begins anew after the choice', async () => {
    server.answer(found('0912 345 569'), 200, {
      items: [{ id: personId(9), name: 'Dũng', phone: '+84912345569' }],
      next: null,
    });
    const page = await picker();
    await page.type(FIELD, '0912 345 569');
    await eventually(() => expect(offered(page)).toEqual(['Dũng']));
    await choose(page, 'Dũng');
    expect(chosen(page)).toEqual(['Dũng']);
    expect(page.find<HTMLInputElement>(FIELD).value).toBe('');
  });

  it('S17 chooses by Enter what is typed, never again who was chosen before', async () => {
    const page = await picker();
    const enter = async () => {
      page.find(FIELD).dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await page.settled();
    };
    chat.rooms.set([privateChat(2, 'Bình Trần'), privateChat(3, 'Chi Vũ'), privateChat(4, 'Bùi Chi')]);
    await page.type(FIELD, 'bu');
    await enter();
    await enter();
    expect(chosen(page)).toEqual(['Bùi Chi']);
    await page.type(FIELD, 'chi');
    expect(page.texts('.active .name')).toEqual(['Chi Vũ']);
    await enter();
    expect(chosen(page)).toEqual(['Bùi Chi', 'Chi Vũ']);
  });

  it('does not offer whom it is told not to', async () => {
    expect(offered(await picker({ without: [personId(2)] }))).toEqual(['Chi Vũ']);
  });

  it('S17 says how to find people, and that nobody has a number', async () => {
    chat.rooms.set([]);
    const page = await picker();
    expect(page.text).toContain('Type a name or the whole phone number.');
    server.answer(found('0900'), 200, { items: [], next: null });
    await page.type(FIELD, '0900');
    await eventually(() => expect(page.text).toContain('Nobody here has this number.'));
  });

  it('takes no more than the server takes in one call', async () => {
    const people = Array.from({ length: LIMITS.usersPerCall }, (_, at) => ({ id: `p${at}`, name: `Person ${at}` }));
    const page = await picker({ people });
    await choose(page, 'Bình');
    expect(chosen(page)).toHaveLength(LIMITS.usersPerCall);
    expect(page.text).toContain('At most 200 people at once.');
  });
});
