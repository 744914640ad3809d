import { TestBed } from '@angular/core/testing';
import { ParleyError } from '@parley/sdk';
import { Failures } from './failures';

const tell = (error: unknown) => TestBed.inject(Failures).tell(error);

describe('Failures', () => {
  it('tells each code in the reader’s words', () => {
    expect(tell(new ParleyError('ROOM_FULL', 'wire'))).toBe('This room is full.');
  });

  it('tells how long to wait, and what to ask the operator about', () => {
    expect(tell(new ParleyError('RATE_LIMITED', 'wire', { retryAfter: 1 }))).toMatch(/in a second/);
    expect(tell(new ParleyError('RATE_LIMITED', 'wire', { retryAfter: 30 }))).toMatch(/in 30 seconds/);
    expect(tell(new ParleyError('INTERNAL_ERROR', 'wire', { errorId: 'e-7' }))).toMatch(/\(e-7\)$/);
  });

  it('passes on what a newer server says, and keeps a defect’s own words from people', () => {
    expect(tell(new ParleyError('NEW_CODE' as 'NOT_FOUND', 'The wire’s words.'))).toBe('The wire’s words.');
    expect(tell(new TypeError('undefined is not a function'))).toBe('That did not work');
  });
});
