import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { PageHeading } from './page-heading';

@Component({ selector: 'parley-one', imports: [PageHeading], template: '<h1 parleyPageHeading>One</h1>' })
class One {}

@Component({ selector: 'parley-two', imports: [PageHeading], template: '<h1 parleyPageHeading>Two</h1>' })
class Two {}

describe('PageHeading', () => {
  it('takes the focus on the way from one page to another, and leaves it alone on the first', async () => {
    const routes = [
      { path: 'one', component: One },
      { path: 'two', component: Two },
    ];
    TestBed.configureTestingModule({ providers: [provideRouter(routes)] });
    const harness = await RouterTestingHarness.create('/one');
    document.body.append(harness.fixture.nativeElement as HTMLElement);
    expect(document.activeElement).toBe(document.body);
    await harness.navigateByUrl('/two');
    await harness.fixture.whenStable();
    expect(document.activeElement?.textContent).toBe('Two');
  });
});
