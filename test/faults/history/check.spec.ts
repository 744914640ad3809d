import type { Synced } from '@parley/contract';
import fc from 'fast-check';
import { check } from './check';
import { History } from './history';
import { Model, type Act } from './model';
import { heardMessages, instead, TAMPERINGS, without, type Line } from './tamperings';
import { explain } from './violation';

const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom(
    'post',
    'post',
    'post',
    'post',
    'again',
    'react',
    'react',
    'join',
    'leave',
    'connect',
    'be turned away',
    'break',
    'stop reading',
    'read on',
    'slow',
    'read',
    'revoke',
  ),
  who: fc.nat(5),
  where: fc.nat(5),
});
const acts = fc.array(act, { maxLength: 60, size: 'max' });

/** Everybody talks and reacts, all the time: whatever is to be tampered with is there. */
const BUSY: Act[] = Array.from({ length: 12 }, (_, index) => index).flatMap((index) => {
  const where = Math.floor(index / 2);
  return [
    { what: 'post', who: index, where },
    { what: 'react', who: 1, where },
    { what: 'react', who: 1, where },
  ];
});

/** Otherwise the histories are other ones each time; the seed is printed where a test fails. */
const TAMPERING_SEED = process.env['TAMPERING_SEED'];

describe('check', () => {
  it('believes every history of a server without a fault', () => {
    fc.assert(
      fc.property(acts, (lived) => {
        const { lines } = Model.live(lived);
        expect(explain(check(lines), lines)).toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it.each(['post', 'revoke'] as const)('believes that who was turned away hears nothing, then %s', (what) => {
    const turnedAway: Act = { what: 'be turned away', who: 0, where: 0 };
    const { lines } = Model.live([...BUSY, turnedAway, { what, who: 0, where: 0 }]);
    expect(explain(check(lines), lines)).toBe('');
  });

  it.each(TAMPERINGS)('law $law: finds that $name', ({ law, tamper }) => {
    let tampered = 0;
    fc.assert(
      fc.property(acts, fc.infiniteStream(fc.nat()), (lived, chances) => {
        const { lines } = Model.live([...BUSY, ...lived]);
        const changed = tamper([...lines], (end) => chances.next().value! % end);
        if (!changed) return;
        tampered++;
        expect(check(changed).map((violation) => violation.law)).toContain(law);
      }),
      { numRuns: 150, ...(TAMPERING_SEED && { seed: Number(TAMPERING_SEED) }) },
    );
    expect(tampered).toBeGreaterThan(0);
  });

  describe('law 6', () => {
    const slow: Act[] = [
      { what: 'post', who: 0, where: 0 },
      { what: 'stop reading', who: 0, where: 0 },
      ...Array.from({ length: 30 }, (): Act => ({ what: 'post', who: 1, where: 0 })),
      { what: 'read on', who: 0, where: 0 },
      { what: 'post', who: 1, where: 0 },
    ];

    it('finds a slow reader that was kept, with a hole', () => {
      const { lines } = Model.live(slow);
      const stopped = lines.find((line): line is Line<'stopped reading'> => line.kind === 'stopped reading')!;
      const held = heardMessages(lines).filter(
        ({ connection, n }) => connection === stopped.connection && n > stopped.n,
      );
      const laws = check(without(lines, held[3]!)).map(({ law }) => law);
      expect(laws).toContain(6);
    });

    it('finds a slow reader for whom everything was kept', () => {
      const { lines } = Model.live(slow);
      const begun = lines.find((line): line is Line<'begun'> => line.kind === 'begun')!;
      expect(check(lines)).toEqual([]);
      expect(check(instead(lines, begun, { slowBytes: 500 })).map(({ law }) => law)).toContain(6);
    });

    it('finds a slow reader that was closed and did not get everything back', () => {
      const { lines } = Model.live(slow);
      const closed = lines.find((line): line is Line<'closed'> => line.kind === 'closed' && line.code === 4429)!;
      const synced = lines.find(
        (line): line is Line<'heard'> => line.kind === 'heard' && line.event === 'synced' && line.n > closed.n,
      )!;
      const rooms = Object.entries((synced.data as Synced).rooms).map(([id, room]) => [
        id,
        'entries' in room ? { ...room, entries: room.entries.slice(0, -1) } : room,
      ]);
      const changed = instead(lines, synced, { data: { rooms: Object.fromEntries(rooms) as object } });
      expect(check(changed).map(({ law }) => law)).toContain(6);
    });
  });
});

describe('explain', () => {
  it('shows of thousands of lines the few that matter, and the faults before them', () => {
    const { lines } = Model.live([...BUSY, ...BUSY, ...BUSY]);
    const gone = heardMessages(lines)[6]!;
    const history = new History();
    history.add({ kind: 'fault', what: 'kill of node 0' });
    const changed = [...history.lines, ...without(lines, gone)];
    const shown = explain(check(changed), changed).split('\n');
    expect(shown[0]).toMatch(/^Law 1: .+ heard seq \d+ of room .+ where \d+ was due/);
    expect(shown.length).toBeLessThan(20);
    expect(shown.join('\n')).toContain('kill of node 0');
  });
});
