import { BadRequestException, ForbiddenException, HttpException, Logger, NotFoundException } from '@nestjs/common';
import { ERROR_CODES } from '@parley/contract';
import { mongo } from 'mongoose';
import { DomainError } from './domain-error';
import { ERROR_TABLE } from './error-table';
import { toWireError } from './to-wire-error';

const logged: unknown[] = [];
const debugged: unknown[] = [];
beforeAll(() => {
  Logger.overrideLogger({
    log: (line: unknown) => logged.push(line),
    warn: (line: unknown) => logged.push(line),
    error: (line: unknown) => logged.push(line),
    debug: (line: unknown) => debugged.push(line),
  });
});
beforeEach(() => logged.splice(0));
afterAll(() => Logger.overrideLogger(false));

const withFields = (error: Error, fields: object): Error => Object.assign(error, fields);

describe('toWireError', () => {
  it('passes a DomainError on as it is', () => {
    const error = new DomainError('RATE_LIMITED', 'Wait.', { retryAfter: 7 });
    expect(toWireError(error)).toEqual({ code: 'RATE_LIMITED', message: 'Wait.', retryAfter: 7 });
    expect(toWireError(new DomainError('FORBIDDEN', 'No.'))).toEqual({ code: 'FORBIDDEN', message: 'No.' });
  });

  it.each([
    [new NotFoundException('Cannot GET /secret?token=x'), 'NOT_FOUND'],
    [new ForbiddenException(), 'FORBIDDEN'],
    [new BadRequestException('<payload>'), 'VALIDATION_FAILED'],
    [new HttpException('no', 401), 'NOT_SIGNED_IN'],
    [
      withFields(new SyntaxError('Unexpected token <payload>'), { type: 'entity.parse.failed', status: 400 }),
      'BAD_JSON',
    ],
    [withFields(new Error('too large'), { type: 'entity.too.large', status: 413 }), 'PAYLOAD_TOO_LARGE'],
    [withFields(new Error('charset'), { type: 'charset.unsupported', status: 415 }), 'BAD_JSON'],
    [withFields(new Error('Failed to decode param'), { status: 400, expose: true }), 'VALIDATION_FAILED'],
    [new mongo.MongoNetworkError('connect ECONNREFUSED'), 'UNAVAILABLE'],
    [new mongo.MongoServerSelectionError('timed out', {} as never), 'UNAVAILABLE'],
    [new mongo.MongoServerError({ message: 'shutting down', code: 91 }), 'UNAVAILABLE'],
  ])('gives %s the code %s and the sentence of the table', (thrown, code) => {
    expect(toWireError(thrown)).toEqual({ code, message: ERROR_TABLE[code as 'NOT_FOUND'].sentence });
  });

  it.each([
    [new TypeError('secret detail')],
    [new HttpException('secret detail', 500)],
    [new mongo.MongoServerError({ message: 'secret detail', code: 2 })],
    ['secret detail'],
    [undefined],
    [null],
  ])('hides %s behind an id that leads to the log', (thrown) => {
    const error = toWireError(thrown);
    expect(error).toEqual({
      code: 'INTERNAL_ERROR',
      message: ERROR_TABLE.INTERNAL_ERROR.sentence,
      errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(logged).toEqual([expect.objectContaining({ errorId: error.errorId })]);
  });

  it('writes neither phone numbers nor tokens into the log', () => {
    toWireError(new Error('dup key: { phone: "+84912345567" } eyJhbGciOiJI.eyJzdWIiOiIx.abc-_1'));
    const line = JSON.stringify(logged);
    expect(line).toContain('dup key: { phone: \\\\"[number]\\\\" } [token]'.replaceAll('\\\\', '\\'));
    expect(line).not.toContain('84912345567');
  });
});

describe('the log of refusals', () => {
  it('is as loud as the table says, and names the code only', () => {
    debugged.splice(0);
    toWireError(new DomainError('VALIDATION_FAILED', 'No.', { fields: { 'a phone': '0912345567' } }));
    toWireError(new DomainError('RATE_LIMITED', 'No.'));
    expect([debugged, logged]).toEqual([[{ code: 'VALIDATION_FAILED' }], [{ code: 'RATE_LIMITED' }]]);
  });
});

describe('the error table', () => {
  it('has a row with a fitting status and a sentence for each code', () => {
    for (const code of ERROR_CODES) {
      expect(ERROR_TABLE[code].status).toBeGreaterThanOrEqual(400);
      expect(ERROR_TABLE[code].sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});
