import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { LIMITS } from '@parley/contract';
import { FakeChat } from '../../testing/fake-chat';
import { roomId, roomState } from '../../testing/samples';
import { Composer } from './composer';

describe('Composer', () => {
  let chat: FakeChat;
  let fixture: ComponentFixture<Composer>;

  beforeEach(async () => {
    localStorage.clear();
    window.matchMedia = jest.fn().mockReturnValue({ matches: false });
    chat = new FakeChat();
    TestBed.configureTestingModule({ providers: [chat.provider] });
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('state', roomState());
    await fixture.whenStable();
  });

  function field(): HTMLTextAreaElement {
    return fixture.nativeElement.querySelector('textarea');
  }

  function sendButton(): HTMLButtonElement {
    return fixture.nativeElement.querySelector('[type=submit]');
  }

  async function type(text: string): Promise<void> {
    field().value = text;
    field().dispatchEvent(new Event('input'));
    await fixture.whenStable();
  }

  async function press(given: KeyboardEventInit): Promise<KeyboardEvent> {
    const event = new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, bubbles: true, ...given });
    field().dispatchEvent(event);
    await fixture.whenStable();
    return event;
  }

  it('sends with Enter, and is empty then', async () => {
    await type('hello');
    await press({});
    expect(chat.post.mock.calls).toEqual([[roomId(1), 'hello']]);
    expect(field().value).toBe('');
  });

  it('does not send what an input method is composing, nor touch it', async () => {
    field().dispatchEvent(new CompositionEvent('compositionstart'));
    await type('tiee');
    const event = await press({ isComposing: true });
    expect(chat.post).not.toHaveBeenCalled();
    expect(event.defaultPrevented).toBe(false);
    expect(field().value).toBe('tiee');
  });

  it('S16 is empty when the button has sent what an input method was still composing', async () => {
    field().dispatchEvent(new CompositionEvent('compositionstart'));
    await type('hello');
    sendButton().click();
    await fixture.whenStable();
    expect(chat.post.mock.calls).toEqual([[roomId(1), 'hello']]);
    expect(field().value).toBe('');
  });

  it('breaks the line with Shift and Enter', async () => {
    await type('hello');
    expect((await press({ shiftKey: true })).defaultPrevented).toBe(false);
    expect(chat.post).not.toHaveBeenCalled();
  });

  it('sends nothing that is blank', async () => {
    await type(' \n ');
    expect(sendButton().disabled).toBe(true);
    await press({});
    expect(chat.post).not.toHaveBeenCalled();
  });

  it('does not cut what is too long, says by how much, and does not send it', async () => {
    await type('a'.repeat(LIMITS.textLength + 1));
    expect(field().value).toHaveLength(LIMITS.textLength + 1);
    expect(fixture.nativeElement.querySelector('[role=status]').textContent).toContain('Too long by 1 character');
    expect(field().getAttribute('aria-invalid')).toBe('true');
    await press({});
    expect(chat.post).not.toHaveBeenCalled();
    await type('a'.repeat(LIMITS.textLength));
    expect(fixture.nativeElement.querySelector('[role=status]').textContent).toContain('0 characters left');
    await press({});
    expect(chat.post).toHaveBeenCalledTimes(1);
  });

  it('brings back what was begun here', async () => {
    await type('begun');
    const again = TestBed.createComponent(Composer);
    again.componentRef.setInput('state', roomState());
    await again.whenStable();
    expect(again.nativeElement.querySelector('textarea').value).toBe('begun');
  });

  it('does nothing with the arrow up', async () => {
    await type('hello');
    expect((await press({ key: 'ArrowUp' })).defaultPrevented).toBe(false);
    expect(field().value).toBe('hello');
  });

  it('puts an emoji where the caret is', async () => {
    await type('Hi  there');
    field().setSelectionRange(3, 3);
    fixture.componentInstance.insert('👋');
    await fixture.whenStable();
    expect(field().value).toBe('Hi 👋 there');
  });

  it('F4 says that somebody types, while there is something to be sent', async () => {
    for (const text of ['', '  ', '\n']) await type(text);
    expect(chat.typing).not.toHaveBeenCalled();
    await type('H');
    await type('');
    expect(chat.typing.mock.calls).toEqual([[roomId(1)]]);
  });
});
