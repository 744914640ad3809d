import { type Acquaintance, phoneFor } from './phone-visibility';

const PHONE = '+84912345567';
const MASKED = '+84 ••• ••• 567';
const stranger: Acquaintance = { isSelf: false, sharesPrivateRoom: false, searchedExactly: false };

describe('phoneFor', () => {
  it.each([
    ['contacts', stranger, MASKED],
    ['contacts', { ...stranger, sharesPrivateRoom: true }, PHONE],
    ['contacts', { ...stranger, searchedExactly: true }, PHONE],
    ['all', stranger, PHONE],
    ['none', { ...stranger, sharesPrivateRoom: true, searchedExactly: true }, MASKED],
    ['none', { ...stranger, isSelf: true }, PHONE],
  ] as const)('under SHOW_PHONES=%s shows %j %s', (shown, viewer, phone) => {
    expect(phoneFor(shown, PHONE, viewer)).toBe(phone);
  });
});
