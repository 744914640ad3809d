import fc from 'fast-check';
import { deviceOf } from './device';

describe('deviceOf', () => {
  it('keeps an ordinary User-Agent as it is', () => {
    expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64)')).toBe('Mozilla/5.0 (X11; Linux x86_64)');
    expect(deviceOf(undefined)).toBe('');
  });

  it('makes of anything one well-formed line of at most 200 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (sent) => {
        const device = deviceOf(sent + '\u202e\u0000' + sent);
        expect(device.length).toBeLessThanOrEqual(200);
        expect(device).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
