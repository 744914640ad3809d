import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Welcome } from './welcome';

describe('Welcome', () => {
  it('S16 says what this is, and leads to sign-in and to sign-up', async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([])] });
    const page = TestBed.createComponent(Welcome);
    await page.whenStable();
    const element = page.nativeElement as HTMLElement;
    const ways = [...element.querySelectorAll('a')].map((link) => [link.textContent, link.getAttribute('href')]);
    expect(element.querySelector('h1')?.textContent).toMatch(/Nobody else reads along/);
    expect(ways).toEqual([
      ['Create an account', '/sign-up'],
      ['Sign in', '/sign-in'],
    ]);
  });
});
