import { ManualClock } from '../../testing/manual-clock';
import { ConnectionLost, ParleyError } from '../errors';
import { PendingReplies } from './pending-replies';

let clock: ManualClock;
let pending: PendingReplies;
let told: unknown[];

beforeEach(() => {
  clock = new ManualClock();
  pending = new PendingReplies(clock);
  told = [];
});

function wait(ms = 1_000): number {
  return pending.add({ reply: (data) => told.push(data), failed: ({ code }) => told.push(code) }, ms);
}

describe('PendingReplies', () => {
  it('tells each its own reply, once', () => {
    const [first, second] = [wait(), wait()];
    pending.reply(second, 'b');
    pending.reply(first, 'a');
    pending.reply(first, 'again');
    expect(told).toEqual(['b', 'a']);
    expect(clock.pending).toBe(0);
  });

  it('tells a refusal as an error', () => {
    pending.refuse(wait(), { code: 'FORBIDDEN', message: 'No.' });
    expect(told).toEqual(['FORBIDDEN']);
  });

  it('gives up at the deadline; what comes later is dropped', () => {
    const id = wait(500);
    clock.advance(499);
    expect(told).toEqual([]);
    clock.advance(1);
    pending.reply(id, 'late');
    expect(told).toEqual(['TIMED_OUT']);
  });

  it('fails all with the line', () => {
    wait();
    wait();
    pending.failAll(new ConnectionLost());
    expect(told).toEqual(['CONNECTION_LOST', 'CONNECTION_LOST']);
    expect(pending.size).toBe(0);
    pending.failAll(new ParleyError('TIMED_OUT', 'Nobody is left.'));
    expect(told).toHaveLength(2);
  });
});
