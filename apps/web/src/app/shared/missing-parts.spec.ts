import { TestBed } from '@angular/core/testing';
import { emptyStorage } from '../../testing/fake-storage';
import { MissingParts } from './missing-parts';
import { WholePage } from './whole-page';

describe('MissingParts', () => {
  const page = { build: 'main-1.js', open: jest.fn<void, [url: string]>() };
  const serverIs = (there: boolean) => {
    globalThis.fetch = async () => {
      if (!there) throw new TypeError('Failed to fetch');
      return { ok: true } as Response;
    };
  };

  beforeEach(() => {
    emptyStorage();
    sessionStorage.clear();
    page.build = 'main-1.js';
    page.open.mockClear();
    TestBed.configureTestingModule({ providers: [{ provide: WholePage, useValue: page }] });
  });

  it.each([
    ['Failed to fetch dynamically imported module: http://127.0.0.1/chunk-1.js', true],
    ['error loading dynamically imported module: http://127.0.0.1/chunk-1.js', true],
    ['Importing a module script failed.', true],
    ['Failed to fetch', false],
  ])('takes "%s" for one: %s', (message, expected) => {
    expect(MissingParts.isMeantBy(new TypeError(message))).toBe(expected);
    expect(MissingParts.isMeantBy(message)).toBe(false);
  });

  it('loads everything anew, at the address where the part was missing', async () => {
    serverIs(true);
    const parts = TestBed.inject(MissingParts);
    await Promise.all([parts.recover('/sign-in'), parts.recover('/')]);
    expect(page.open.mock.calls).toEqual([['/sign-in']]);
  });

  it('does so once for each build, and then tells', async () => {
    serverIs(true);
    await TestBed.inject(MissingParts).recover('/sign-in');
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [{ provide: WholePage, useValue: page }] });
    const parts = TestBed.inject(MissingParts);
    await parts.recover('/sign-in');
    expect([page.open.mock.calls.length, parts.problem()]).toEqual([1, expect.stringContaining('Reload the page')]);
    page.build = 'main-2.js';
    await parts.recover('/sign-up');
    expect(page.open).toHaveBeenLastCalledWith('/sign-up');
  });

  it('leaves the page alone while the server is out of reach', async () => {
    serverIs(false);
    const parts = TestBed.inject(MissingParts);
    await parts.recover('/sign-in');
    expect([page.open.mock.calls, parts.problem()]).toEqual([[], expect.stringContaining('cannot be reached')]);
  });
});
