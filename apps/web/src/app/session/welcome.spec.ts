import { TestBed } from '@angular/core/testing';
import { Welcome } from './welcome';

it('says what this is', () => {
  const page = TestBed.createComponent(Welcome);
  page.detectChanges();
  expect((page.nativeElement as HTMLElement).querySelector('h1')?.textContent).toContain('Parley');
});
