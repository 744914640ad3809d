import { TestBed } from '@angular/core/testing';
import type { PendingMessage } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { Page } from '../../testing/page';
import { ME, message, roomId, roomState } from '../../testing/samples';
import { Rows } from './list/rows';
import { Message } from './message';

const OWN = { sender: { id: ME.id, name: ME.name } };

describe('Message', () => {
  let chat: FakeChat;

  beforeEach(() => {
    localStorage.setItem('parley.language', '"en"');
    chat = new FakeChat();
    TestBed.configureTestingModule({ providers: [chat.provider] });
  });

  function shows(state: ReturnType<typeof roomState>, number: number, showsAuthor = true): Promise<Page<Message>> {
    const row = new Rows(state, null).at(number);
    return Page.of(Message, { row, showsAuthor, isTabStop: true });
  }

  it('has its author’s face and name once for what is said in one go, and for ears every time', async () => {
    const state = roomState([message(1), message(2)]);
    const first = await shows(state, 1);
    expect(first.element.querySelector('parley-avatar')).not.toBeNull();
    expect(first.find('.author').classList.contains('unseen')).toBe(false);
    const second = await shows(state, 2);
    expect(second.element.querySelector('parley-avatar')).toBeNull();
    expect(second.find('.unseen').textContent).toContain('Bình Trần');
  });

  it('has no face where there are only two, nor for one’s own', async () => {
    const state = roomState([message(1), message(2, OWN)]);
    expect((await shows(state, 1, false)).element.querySelector('parley-avatar')).toBeNull();
    const own = await shows(state, 2);
    expect(own.element.querySelector('parley-avatar')).toBeNull();
    expect(own.text).toContain('You');
  });

  it('tells its time in full to who points at it or listens', async () => {
    const page = await shows(roomState([message(1, { at: '2026-11-22T09:05:00.000Z' })]), 1);
    const time = page.find('time');
    expect(time.getAttribute('datetime')).toBe('2026-11-22T09:05:00.000Z');
    expect(time.title).toMatch(/2026/);
    expect(time.querySelector('.unseen')?.textContent).toBe(time.title);
  });

  function waiting(given: Partial<PendingMessage> = {}): ReturnType<typeof roomState> {
    const pending = { message: { room: roomId(1), clientId: 'c1', text: 'hello' }, queuedAt: message(1).at, ...given };
    return { ...roomState(), pending: [pending] };
  }

  it('says that it is being sent', async () => {
    expect((await shows(waiting(), 1)).text).toContain('Sending');
    expect((await shows(roomState([message(1, OWN)]), 1)).text).not.toContain('Sending');
  });

  it('says why it was refused, and is sent again or discarded', async () => {
    const page = await shows(waiting({ error: { code: 'NOT_A_MEMBER', message: 'no' } }), 1);
    expect(page.find('[role=alert]').textContent).toContain('Not sent. You are not in this room any more.');
    const [retry, discard] = page.element.querySelectorAll<HTMLButtonElement>('[role=alert] button');
    retry!.click();
    expect(chat.retry).toHaveBeenCalledWith('c1');
    discard!.click();
    expect(chat.discard).toHaveBeenCalledWith('c1');
  });
});
