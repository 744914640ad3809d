import { TestBed } from '@angular/core/testing';
import type { PendingMessage, RoomState } from '@parley/sdk';
import { FakeChat } from '../../testing/fake-chat';
import { Page } from '../../testing/page';
import { message, roomId, roomState } from '../../testing/samples';
import { ListScroller } from './list/list-scroller';
import { MessageList } from './message-list';

describe('MessageList', () => {
  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [new FakeChat().provider] });
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
});
