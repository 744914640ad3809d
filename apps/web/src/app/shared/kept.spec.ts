import { TestBed } from '@angular/core/testing';
import fc from 'fast-check';
import { emptyStorage, inAnotherTab } from '../../testing/fake-storage';
import { KeptValues } from './kept';

const toNumber = (found: unknown): number => (typeof found === 'number' ? found : 0);
const keep = () => TestBed.inject(KeptValues).keep('count', toNumber);

describe('KeptValues', () => {
  beforeEach(emptyStorage);

  it('keeps a value over a reload', () => {
    keep().set(7);
    TestBed.resetTestingModule();
    expect(keep().value()).toBe(7);
  });

  it('follows the other tabs', () => {
    const kept = keep();
    inAnotherTab('parley.count', 3);
    expect(kept.value()).toBe(3);
    inAnotherTab('parley.count', null);
    expect(kept.value()).toBe(0);
  });

  it('forgets a value, here too', () => {
    const kept = keep();
    kept.set(7);
    TestBed.inject(KeptValues).forget('count');
    expect(kept.value()).toBe(0);
    expect(localStorage.getItem('parley.count')).toBeNull();
  });

  it('hears when another tab clears everything, and nothing of other values', () => {
    const kept = keep();
    kept.set(4);
    inAnotherTab('parley.other', 9);
    expect(kept.value()).toBe(4);
    window.dispatchEvent(new StorageEvent('storage', { key: null, newValue: null }));
    expect(kept.value()).toBe(0);
  });

  it('takes whatever it finds for nothing, unless it is a value', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        TestBed.resetTestingModule();
        localStorage.setItem('parley.count', text);
        expect(typeof keep().value()).toBe('number');
      }),
    );
  });

  it('goes on without storage', () => {
    const full = jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const kept = keep();
    kept.set(5);
    expect(kept.value()).toBe(5);
    full.mockRestore();
  });
});
