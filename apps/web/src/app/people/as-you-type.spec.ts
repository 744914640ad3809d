import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { asYouType } from './as-you-type';

interface Call {
  query: string;
  signal: AbortSignal;
  answer(found: string): void;
  fail(error: Error): void;
}

const query = signal('');
let calls: Call[] = [];

@Component({ selector: 'parley-test', template: '' })
class Search {
  readonly finding = asYouType(
    query,
    (asked, abort) => new Promise<string>((answer, fail) => calls.push({ query: asked, signal: abort, answer, fail })),
  );
}

describe('A search that follows the typing', () => {
  function begin() {
    const { finding } = TestBed.createComponent(Search).componentInstance;
    TestBed.tick();
    return finding;
  }

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  async function type(text: string): Promise<void> {
    query.set(text);
    TestBed.tick();
    await pass(0);
  }

  async function pause(): Promise<void> {
    await pass(200);
    TestBed.tick();
    await pass(0);
  }

  beforeEach(() => {
    jest.useFakeTimers();
    query.set('');
    calls = [];
  });
  afterEach(() => jest.useRealTimers());

  it('S13 asks once the typing pauses', async () => {
    const finding = begin();
    await type('a');
    await pass(150);
    await type('an');
    await pass(150);
    expect(calls).toEqual([]);
    expect(finding.isBusy()).toBe(true);
    await pause();
    expect(calls.map((call) => call.query)).toEqual(['an']);
  });

  it('S13 calls off what is overtaken, and never shows its answer', async () => {
    const finding = begin();
    await type('a');
    await pause();
    await type('ab');
    await pause();
    expect(calls.map((call) => call.signal.aborted)).toEqual([true, false]);
    calls[1]?.answer('of ab');
    calls[0]?.answer('of a');
    await pause();
    expect(finding.latest()).toEqual({ query: 'ab', found: 'of ab' });
    expect(finding.isBusy()).toBe(false);
  });

  it('S13 shows the answer before until the next one is there', async () => {
    const finding = begin();
    await type('a');
    await pause();
    calls[0]?.answer('of a');
    await pause();
    await type('ab');
    await pause();
    expect(finding.latest()).toEqual({ query: 'a', found: 'of a' });
    expect(finding.isBusy()).toBe(true);
  });

  it('S13 tells a failure, and asks again when told to', async () => {
    const finding = begin();
    await type('a');
    await pause();
    const failure = new Error('no line');
    calls[0]?.fail(failure);
    await pause();
    expect(finding.error()).toBe(failure);
    expect(finding.isBusy()).toBe(false);
    finding.retry();
    await pause();
    calls[1]?.answer('of a');
    await pause();
    expect(finding.error()).toBeUndefined();
    expect(finding.latest()?.found).toBe('of a');
  });

  it('asks nothing for nothing', async () => {
    const finding = begin();
    await type('a');
    await pause();
    calls[0]?.answer('of a');
    await pause();
    await type('');
    await pause();
    expect(calls).toHaveLength(1);
    expect(finding.latest()).toBeUndefined();
    expect(finding.isBusy()).toBe(false);
  });
});
