import { Component, input } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { FakeChat } from '../../testing/fake-chat';
import { FakeServer } from '../../testing/fake-server';
import { roomId, roomState } from '../../testing/samples';
import { signedIn } from '../../testing/signed-in';
import { RoomDialogs } from '../rooms/room-dialogs';
import { ChatPage } from './chat-page';
import { LetterKeys } from './letter-keys';
import { NoRoom } from './no-room';

@Component({ selector: 'parley-test', template: '<h1>{{ room() }}</h1>' })
class AnyRoom {
  readonly room = input.required<string>();
}

describe('ChatPage', () => {
  const chat = new FakeChat();
  const dialogs = { newGroup: jest.fn() };
  let harness: RouterTestingHarness;

  beforeEach(() => {
    localStorage.clear();
    signedIn();
    jest.clearAllMocks();
    Element.prototype.scrollTo = jest.fn();
    new FakeServer().install();
    chat.isLoaded.set(true);
    chat.state.set({ status: 'online', since: 0 });
    chat.rooms.set([1, 2, 3].map((number) => roomState([], { id: roomId(number), name: `Room ${number}` })));
    const children = [
      { path: '', component: NoRoom },
      { path: ':room', component: AnyRoom },
    ];
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 'chat', component: ChatPage, children }], withComponentInputBinding()),
        chat.provider,
        { provide: RoomDialogs, useValue: dialogs },
      ],
    });
  });

  async function at(path: string): Promise<HTMLElement> {
    harness = await RouterTestingHarness.create(path);
    document.body.append(harness.fixture.nativeElement as HTMLElement);
    await harness.fixture.whenStable();
    return harness.routeNativeElement!;
  }

  async function press(key: string, given: KeyboardEventInit = {}, target: EventTarget = document.body): Promise<void> {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...given }));
    await harness.fixture.whenStable();
  }

  const url = () => TestBed.inject(Router).url;
  const alt = { altKey: true };

  it('S16 shows both sides, and marks the open room', async () => {
    const page = await at(`/chat/${roomId(2)}`);
    expect(page.querySelector('main h1')?.textContent).toBe(roomId(2));
    expect(page.querySelector('nav [aria-current] .title')?.textContent).toBe('Room 2');
  });

  it('S16 goes to the next room and the one before by keyboard, and not beyond them', async () => {
    await at('/chat');
    await press('ArrowDown', alt);
    expect(url()).toBe(`/chat/${roomId(1)}`);
    await press('ArrowUp', alt);
    expect(url()).toBe(`/chat/${roomId(1)}`);
    await press('ArrowDown', alt);
    expect(url()).toBe(`/chat/${roomId(2)}`);
  });

  it('S16 goes back out of the details, then out of the room', async () => {
    await at(`/chat/${roomId(2)}?details=`);
    await press('Escape');
    expect(url()).toBe(`/chat/${roomId(2)}`);
    await press('Escape');
    expect(url()).toBe('/chat');
    await press('Escape');
    expect(url()).toBe('/chat');
  });

  it('S16 begins a search, a group; letters only where nobody writes, and while they are wanted', async () => {
    const page = await at('/chat');
    const field = page.querySelector<HTMLElement>('[role=combobox]')!;
    await press('/');
    expect(document.activeElement).toBe(field);
    await press('n', {}, field);
    expect(dialogs.newGroup).not.toHaveBeenCalled();
    await press('n');
    expect(dialogs.newGroup).toHaveBeenCalledTimes(1);
    TestBed.inject(LetterKeys).turn(false);
    await press('n');
    expect(dialogs.newGroup).toHaveBeenCalledTimes(1);
  });

  it('leaves keys to whoever has used them, and to dialogs', async () => {
    await at('/chat');
    const dialog = document.createElement('div');
    dialog.className = 'cdk-overlay-container';
    dialog.innerHTML = '<div role="dialog"></div>';
    document.body.append(dialog);
    await press('n');
    dialog.remove();
    document.body.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
    await press('n');
    expect(dialogs.newGroup).not.toHaveBeenCalled();
  });

  it('asks nobody to choose while the list says that there is nothing to choose from yet', async () => {
    chat.isLoaded.set(false);
    chat.state.set({ status: 'offline', reason: 'unreachable', retryAt: 0 } as never);
    const page = await at('/chat');
    expect(page.querySelector('nav h2')?.textContent).toBe('Your chats are not here yet');
    expect(page.querySelector('main h2')).toBeNull();
    chat.isLoaded.set(true);
    await harness.fixture.whenStable();
    expect(page.querySelector('main h2')?.textContent).toBe('Choose a chat');
  });

  it('S16 greets somebody new', async () => {
    chat.rooms.set([]);
    const page = await at('/chat');
    expect(page.querySelector('main h2')?.textContent).toBe('Welcome, An');
  });
});
