import { Peers } from './peers';

describe('Peers', () => {
  it('notices when something that a node said was missed', () => {
    const peers = new Peers();
    expect(peers.hears('a', 7, 0)).toBe(true);
    expect(peers.hears('a', 8, 10)).toBe(true);
    expect(peers.hears('b', 1, 10)).toBe(true);
    expect(peers.hears('a', 10, 20)).toBe(false);
    expect(peers.hears('a', 11, 20)).toBe(true);
  });

  it('misses a node that has fallen silent, for a minute, but not one that said that it stops', () => {
    const peers = new Peers();
    peers.hears('a', 1, 0);
    peers.hears('b', 1, 0);
    expect(peers.lively(1_000)).toEqual(['a', 'b']);
    expect(peers.isAnyMissed(1_000)).toBe(false);
    peers.leaves('b');
    expect(peers.lively(4_000)).toEqual([]);
    expect(peers.isAnyMissed(4_000)).toBe(true);
    expect(peers.isAnyMissed(59_000)).toBe(true);
    expect(peers.isAnyMissed(61_000)).toBe(false);
  });
});
