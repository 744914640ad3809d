import { TestBed } from '@angular/core/testing';
import { emptyStorage, inAnotherTab } from '../../testing/fake-storage';
import { Theme } from './theme';

const ofPage = () => document.documentElement.dataset['theme'];

describe('Theme', () => {
  beforeEach(emptyStorage);

  it('is the system’s until one is chosen, and then stays so', () => {
    const theme = TestBed.inject(Theme);
    TestBed.tick();
    expect([theme.name(), ofPage()]).toEqual(['system', 'system']);
    theme.choose('dark');
    TestBed.tick();
    expect([ofPage(), localStorage.getItem('parley.theme')]).toEqual(['dark', '"dark"']);
  });

  it('colours what the browser draws around the page', () => {
    document.head.innerHTML = '<meta name="theme-color" content="#fff" /><meta name="theme-color" content="#000" />';
    const media = () => Array.from(document.head.children, (meta) => meta.getAttribute('media'));
    const theme = TestBed.inject(Theme);
    TestBed.tick();
    expect(media()).toEqual(['(prefers-color-scheme: light)', '(prefers-color-scheme: dark)']);
    theme.choose('dark');
    TestBed.tick();
    expect(media()).toEqual(['not all', 'all']);
  });

  it('follows the other tabs, and ignores what is no theme', () => {
    const theme = TestBed.inject(Theme);
    inAnotherTab('parley.theme', 'light');
    expect(theme.name()).toBe('light');
    inAnotherTab('parley.theme', 'loud');
    expect(theme.name()).toBe('system');
  });
});
