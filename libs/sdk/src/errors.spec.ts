import { ConnectionLost, isWireError, ParleyError } from './errors';

describe('ParleyError', () => {
  it('says all that the wire said', () => {
    const wire = { code: 'RATE_LIMITED' as const, message: 'Slowly.', retryAfter: 3, fields: { text: 'Too long.' } };
    const error = ParleyError.fromWire(wire, { status: 429, retryAfter: 9 });
    expect(error).toMatchObject({ ...wire, status: 429 });
    expect(error).toBeInstanceOf(Error);
    expect(error.toData()).toEqual({ code: wire.code, message: wire.message, fields: wire.fields });
  });

  it('takes from the answer what the wire error leaves out', () => {
    const error = ParleyError.fromWire({ code: 'RATE_LIMITED', message: 'Slowly.' }, { retryAfter: 9 });
    expect(error.retryAfter).toBe(9);
    expect(error.toData()).toEqual({ code: 'RATE_LIMITED', message: 'Slowly.' });
  });

  it('is also what a lost connection is', () => {
    expect(new ConnectionLost()).toBeInstanceOf(ParleyError);
    expect(new ConnectionLost().code).toBe('CONNECTION_LOST');
  });

  it.each([null, 'INTERNAL_ERROR', {}, { code: 'X' }, { code: 1, message: 'M' }])('is not made of %j', (value) => {
    expect(isWireError(value)).toBe(false);
  });
});
