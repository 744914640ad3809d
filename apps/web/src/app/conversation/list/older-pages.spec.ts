import { TestBed } from '@angular/core/testing';
import { ParleyError } from '@parley/sdk';
import { FakeChat } from '../../../testing/fake-chat';
import { roomId } from '../../../testing/samples';
import { OlderPages } from './older-pages';

describe('OlderPages', () => {
  let chat: FakeChat;
  let older: OlderPages;

  beforeEach(() => {
    chat = new FakeChat();
    TestBed.configureTestingModule({ providers: [OlderPages, chat.provider] });
    older = TestBed.inject(OlderPages);
    TestBed.tick();
  });

  it('loads one page at a time', async () => {
    const loading = older.load(roomId(1));
    void older.load(roomId(1));
    expect(older.isLoading()).toBe(true);
    await loading;
    expect(older.isLoading()).toBe(false);
    expect(chat.loadOlder).toHaveBeenCalledTimes(1);
  });

  it('waits after a failure until somebody tries again', async () => {
    const failure = new ParleyError('UNAVAILABLE', 'No.');
    chat.loadOlder.mockRejectedValueOnce(failure);
    await older.load(roomId(1));
    expect(older.failure()).toBe(failure);
    await older.load(roomId(1));
    expect(chat.loadOlder).toHaveBeenCalledTimes(1);
    await older.retry(roomId(1));
    expect(older.failure()).toBeNull();
    expect(chat.loadOlder).toHaveBeenCalledTimes(2);
  });

  it('forgets the failure when the line is back', async () => {
    chat.loadOlder.mockRejectedValueOnce(new ParleyError('NETWORK_FAILED', 'No.'));
    await older.load(roomId(1));
    chat.state.set({ status: 'connecting' });
    TestBed.tick();
    expect(older.failure()).not.toBeNull();
    chat.state.set({ status: 'online', since: 1 });
    TestBed.tick();
    expect(older.failure()).toBeNull();
  });
});
