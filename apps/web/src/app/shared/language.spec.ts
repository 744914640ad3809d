import { TestBed } from '@angular/core/testing';
import { emptyStorage } from '../../testing/fake-storage';
import { eventually } from '../../testing/eventually';
import { Language } from './language';

function browserSpeaks(...languages: string[]): void {
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
}

describe('Language', () => {
  beforeEach(emptyStorage);
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [['vi-VN', 'en'], 'vi'],
    [['fr-FR', 'vi'], 'vi'],
    [['en-GB'], 'en'],
    [['fr', 'de'], 'en'],
    [[], 'en'],
    [['en-US@posix'], 'en'],
  ])('speaks, in a browser that speaks %j, %s', async (languages, code) => {
    browserSpeaks(...languages);
    const language = TestBed.inject(Language);
    await language.ready();
    expect(language.code()).toBe(code);
  });

  it('changes to the one that is chosen, tells the document, and keeps it', async () => {
    browserSpeaks('en-GB');
    const language = TestBed.inject(Language);
    language.choose('vi');
    TestBed.tick();
    await eventually(() => {
      TestBed.tick();
      expect([language.words().common.cancel, document.documentElement.lang]).toEqual(['Hủy', 'vi']);
    });
    expect(localStorage.getItem('parley.language')).toBe('"vi"');
  });

  it('formats as the reader’s own region does, where it is of the language shown', () => {
    browserSpeaks('vi-VN', 'en-GB');
    localStorage.setItem('parley.language', '"en"');
    expect(TestBed.inject(Language).locale()).toBe('en-GB');
  });
});
