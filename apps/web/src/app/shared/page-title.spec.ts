import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, TitleStrategy } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { PageTitle, titled } from './page-title';

@Component({ template: '' })
class Anything {}

describe('PageTitle', () => {
  it('is what the address says, with what is unread', async () => {
    const routes = [
      { path: 'in', component: Anything, data: titled(({ session }) => session.signIn.title) },
      { path: '', component: Anything },
    ];
    TestBed.configureTestingModule({
      providers: [provideRouter(routes), { provide: TitleStrategy, useExisting: PageTitle }],
    });
    const harness = await RouterTestingHarness.create('/in');
    expect(document.title).toBe('Sign in · Parley');
    TestBed.inject(PageTitle).showUnread(3);
    await harness.navigateByUrl('/');
    await harness.fixture.whenStable();
    expect(document.title).toBe('(3) Parley');
    TestBed.inject(PageTitle).showName('Tea house');
    TestBed.inject(PageTitle).showUnread(100);
    await harness.fixture.whenStable();
    expect(document.title).toBe('(99+) Tea house · Parley');
  });
});
