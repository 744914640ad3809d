import { ManualClock } from '../../testing/manual-clock';
import { Heartbeat } from './heartbeat';

function watched(): { clock: ManualClock; heartbeat: Heartbeat; told: string[] } {
  const clock = new ManualClock();
  const told: string[] = [];
  const heartbeat = new Heartbeat(clock, 30_000, 10_000, {
    ping: () => told.push('ping'),
    dead: () => told.push('dead'),
  });
  return { clock, heartbeat, told };
}

describe('Heartbeat', () => {
  it('says nothing while the line is heard', () => {
    const { clock, heartbeat, told } = watched();
    for (let at = 0; at < 10; at += 1) {
      clock.advance(29_000);
      heartbeat.heard();
    }
    expect(told).toEqual([]);
  });

  it('pings after the silence, counted from the last frame', () => {
    const { clock, heartbeat, told } = watched();
    clock.advance(20_000);
    heartbeat.heard();
    clock.advance(29_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(['ping']);
  });

  it('takes any frame for an answer, and goes on watching', () => {
    const { clock, heartbeat, told } = watched();
    clock.advance(30_000);
    heartbeat.heard();
    clock.advance(10_000);
    expect(told).toEqual(['ping']);
    clock.advance(20_000);
    expect(told).toEqual(['ping', 'ping']);
  });

  it('declares the line dead when no answer comes, once', () => {
    const { clock, told } = watched();
    clock.advance(39_999);
    expect(told).toEqual(['ping']);
    clock.advance(100_000);
    expect(told).toEqual(['ping', 'dead']);
  });

  it('asks at once when it is told to, and goes on watching', () => {
    const { clock, heartbeat, told } = watched();
    clock.advance(5_000);
    heartbeat.ask();
    heartbeat.ask();
    expect(told).toEqual(['ping']);
    clock.advance(1_000);
    heartbeat.heard();
    clock.advance(30_000);
    expect(told).toEqual(['ping', 'ping']);
    clock.advance(10_000);
    expect(told).toEqual(['ping', 'ping', 'dead']);
  });

  it('is not misled by a clock that is put back', () => {
    const { clock, told } = watched();
    clock.advance(10_000);
    clock.putBack(3_600_000);
    clock.advance(60_000);
    expect(told).toEqual(['ping', 'dead']);
  });

  it('leaves nothing behind when the ping itself finds that the line has ended', () => {
    const clock = new ManualClock();
    const heartbeat: Heartbeat = new Heartbeat(clock, 1_000, 1_000, { ping: () => heartbeat.stop(), dead: () => {} });
    clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });

  it('is silent once it is stopped', () => {
    const { clock, heartbeat, told } = watched();
    clock.advance(30_000);
    heartbeat.stop();
    clock.advance(100_000);
    expect(told).toEqual(['ping']);
    expect(clock.pending).toBe(0);
  });
});
