import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { emptyStorage } from '../../testing/fake-storage';
import { signedIn } from '../../testing/signed-in';
import { signedInOnly, signedOutOnly } from './guards';
import { Session } from './session';

@Component({ template: '' })
class Anything {}

async function landing(address: string): Promise<string> {
  const inside = { component: Anything, canActivate: [signedInOnly] };
  const wayIn = { component: Anything, canActivate: [signedOutOnly] };
  TestBed.configureTestingModule({
    providers: [
      provideRouter([
        { path: '', pathMatch: 'full', ...wayIn },
        { path: 'sign-in', ...wayIn },
        { path: 'chat', ...inside },
        { path: 'chat/:room', ...inside },
        { path: '**', component: Anything },
      ]),
    ],
  });
  await RouterTestingHarness.create(address);
  return TestBed.inject(Router).url;
}

describe('the guards', () => {
  beforeEach(emptyStorage);

  it.each([
    ['/chat', '/sign-in'],
    ['/chat/7?a=b', '/sign-in?to=%2Fchat%2F7%3Fa%3Db'],
    ['/', '/'],
    ['/sign-in', '/sign-in'],
  ])('who is not signed in and goes to %s lands at %s', async (address, place) => {
    expect(await landing(address)).toBe(place);
  });

  it.each([
    ['/', '/chat'],
    ['/sign-in', '/chat'],
    ['/sign-in?to=%2Fchat%2F7', '/chat/7'],
    ['/sign-in?to=https:%2F%2Felsewhere.example%2Fchat', '/https:'],
    ['/sign-in?to=%2F%2Felsewhere.example', '/elsewhere.example'],
    ['/sign-in?to=%2Fsign-in', '/chat'],
    ['/chat/7', '/chat/7'],
  ])('who is signed in and goes to %s lands at %s', async (address, place) => {
    signedIn();
    const url = await landing(address);
    expect(url).toBe(place);
    expect(new URL(url, 'http://here').host).toBe('here');
  });

  it('who has just signed out is shown out', async () => {
    signedIn();
    TestBed.inject(Session).end('signedOut');
    TestBed.resetTestingModule();
    expect(await landing('/chat/7')).toBe('/');
  });
});
