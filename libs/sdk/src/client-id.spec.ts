import { newClientId, uuidOf } from './client-id';

describe('client ids', () => {
  it('are UUIDs of version 7, each a new one', () => {
    const ids = new Set(Array.from({ length: 100 }, newClientId));
    expect(ids.size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('begin with the time, in 48 bits', () => {
    const chance = new Uint8Array(16).fill(255);
    expect(uuidOf(0, new Uint8Array(16))).toBe('00000000-0000-7000-8000-000000000000');
    expect(uuidOf(0x0123456789ab, chance)).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
  });

  it('sort by the time at which they were made', () => {
    const times = [1, 255, 256, 65_536, Date.UTC(2026, 0), Date.UTC(2026, 0, 1, 0, 0, 0, 1), Date.UTC(2100, 0)];
    const ids = times.map((time, at) => uuidOf(time, new Uint8Array(16).fill(255 - at)));
    expect([...ids].sort()).toEqual(ids);
  });
});
