import { TestBed } from '@angular/core/testing';
import type { PendingMessage, RoomState } from '@parley/sdk';
import { eventually } from '../../testing/eventually';
import { FakeChat } from '../../testing/fake-chat';
import { Page } from '../../testing/page';
import { message, roomId, roomState } from '../../testing/samples';
import { ListScroller } from './list/list-scroller';
import { MessageList } from './message-list';

describe('MessageList', () => {
  let chat: FakeChat;

  beforeEach(() => {
    chat = new FakeChat();
    TestBed.configureTestingModule({ providers: [chat.provider] });
    jest.spyOn(document, 'hasFocus').mockReturnValue(true);
    jest.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
    // jsdom has no layout, and tells no sizes.
    globalThis.ResizeObserver = class {
      constructor(private readonly told: ResizeObserverCallback) {}
      observe(): void {
        queueMicrotask(() => this.told([], this));
      }
      unobserve(): void {}
      disconnect(): void {}
    };
  });
  afterEach(() => jest.restoreAllMocks());

  function own(text: string, error?: PendingMessage['error']): PendingMessage {
    const waiting = { room: roomId(1), clientId: text, text };
    return { message: waiting, queuedAt: '2026-11-22T09:00:00.000Z', ...(error && { error }) };
  }

  function having(...pending: PendingMessage[]): RoomState {
    return { ...roomState([message(1)]), pending };
  }

  it('S18 is there also where messages of one’s own are on their way when the room is opened', async () => {
    const page = await Page.of(MessageList, { state: having(own('Wait for me')) });
    expect(page.find('[role=log]').getAttribute('aria-label')).toBe('Messages');
  });

  it('S18 goes to what somebody writes, and not to what was refused before when that is sent', async () => {
    const toEnd = jest.spyOn(ListScroller.prototype, 'toEnd');
    const refused = own('Refused', { code: 'FORBIDDEN', message: 'No.' });
    const page = await Page.of(MessageList, { state: having(refused) });
    for (const state of [having(refused, own('Written')), having(refused)]) {
      page.fixture.componentRef.setInput('state', state);
      await page.settled();
      expect(toEnd).toHaveBeenCalledTimes(1);
    }
  });

  describe('of which not all that is new is loaded', () => {
    /** Seqs from `base + 1` to 6,000, of which all after 10 is unread. */
    function unreadFrom(base: number): RoomState {
      const entries = Array.from({ length: 6_000 - base }, (_, at) => message(base + 1 + at));
      return { ...roomState(entries, { read: 10, unread: 100 }), base, hasOlder: base > 0 };
    }
    const settled = (page: Page<MessageList>) =>
      eventually(() => expect(page.fixture.componentInstance.isSettled()).toBe(true));
    const button = (page: Page<MessageList>, text: string) =>
      [...page.element.querySelectorAll('button')].find((one) => one.textContent?.trim() === text)!;

    it('S18 does not count as read what was never shown, until somebody says so', async () => {
      const page = await Page.of(MessageList, { state: unreadFrom(5_000) });
      await settled(page);
      await page.settled();
      expect(page.text).toContain('There are more new messages further up.');
      expect(chat.markRead).not.toHaveBeenCalled();
      button(page, 'Mark as read').click();
      expect(chat.markRead.mock.calls).toEqual([[roomId(1), 6_000]]);
    });

    it('S18 goes to the first that is new, page after page, and reads on from there', async () => {
      const bring = jest.spyOn(ListScroller.prototype, 'bring');
      const page = await Page.of(MessageList, { state: unreadFrom(5_000) });
      await settled(page);
      await page.settled();
      let base = 5_000;
      chat.loadOlder.mockImplementation(async (_room, limit = 0) => {
        base = Math.max(0, base - limit * 20);
        page.fixture.componentRef.setInput('state', unreadFrom(base));
        return base > 0;
      });
      button(page, 'Go to the first').click();
      await eventually(() => expect(bring).toHaveBeenCalledWith('11', expect.any(Number)));
      await page.settled();
      expect(chat.loadOlder).toHaveBeenCalledTimes(3);
      expect(chat.trim).not.toHaveBeenCalled();
      expect(chat.markRead).not.toHaveBeenCalled();
      expect(page.text).not.toContain('There are more new messages');
    });
  });

  it('S18 counts nothing as read while something lies over it', async () => {
    const state = roomState([message(1), message(2)], { read: 1, unread: 1 });
    const page = await Page.of(MessageList, { state, isCovered: true });
    await eventually(() => expect(page.fixture.componentInstance.isSettled()).toBe(true));
    await page.settled();
    expect(chat.markRead).not.toHaveBeenCalled();
    page.fixture.componentRef.setInput('isCovered', false);
    await page.settled();
    expect(chat.markRead.mock.calls).toEqual([[roomId(1), 2]]);
  });
});
