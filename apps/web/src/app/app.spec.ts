import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, type Route, Router } from '@angular/router';
import { provideServiceWorker } from '@angular/service-worker';
import { eventually } from '../testing/eventually';
import { FakeChat } from '../testing/fake-chat';
import { emptyStorage, inAnotherTab } from '../testing/fake-storage';
import { Page } from '../testing/page';
import { SIGNED_IN, signedIn } from '../testing/signed-in';
import { App } from './app';
import { routes } from './app.routes';

@Component({ template: '' })
class Anything {}

/** The client's own addresses, with nothing to see at the chats. */
const ADDRESSES = routes.map((route): Route => {
  if (route.path !== 'chat') return route;
  const children = [{ path: '**', component: Anything }];
  return { ...route, loadChildren: undefined, component: Anything, children };
});

describe('App', () => {
  const place = () => TestBed.inject(Router).url;

  beforeEach(() => {
    emptyStorage();
    const noWorker = provideServiceWorker('', { enabled: false });
    TestBed.configureTestingModule({ providers: [provideRouter(ADDRESSES), new FakeChat().provider, noWorker] });
  });

  async function at(address: string): Promise<Page<App>> {
    const page = await Page.of(App);
    await TestBed.inject(Router).navigateByUrl(address);
    await page.settled();
    return page;
  }

  it('S18 leads out of the chats when another tab signs out, and in when one signs in', async () => {
    signedIn();
    await at('/chat');
    inAnotherTab('parley.session', { status: 'out', ending: 'signedOut' });
    await eventually(() => expect(place()).toBe('/'));
    inAnotherTab('parley.session', SIGNED_IN);
    await eventually(() => expect(place()).toBe('/chat'));
  });

  it('S6 leads to sign-in when the session was ended elsewhere, and back to where one was', async () => {
    signedIn();
    await at('/chat/7');
    inAnotherTab('parley.session', { status: 'out', ending: 'revoked' });
    await eventually(() => expect(place()).toBe('/sign-in?to=%2Fchat%2F7'));
    inAnotherTab('parley.session', SIGNED_IN);
    await eventually(() => expect(place()).toBe('/chat/7'));
  });

  it('S16 says so where an address leads nowhere', async () => {
    expect((await at('/nowhere/at/all')).text).toContain('Nothing here');
  });
});
