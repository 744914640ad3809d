import fc from 'fast-check';
import { COMMAND_ID_LENGTH, errorEnvelope, eventEnvelope, joinEnvelopes, readFrame, replyEnvelope } from './frames';

const commandId = fc.oneof(fc.maxSafeInteger(), fc.string({ maxLength: COMMAND_ID_LENGTH }), fc.constant(undefined));

describe('readFrame', () => {
  it('reads every well-formed envelope back as it was', () => {
    fc.assert(
      fc.property(fc.string(), commandId, fc.jsonValue(), (event, id, data) => {
        const sent = JSON.stringify({ event, id, data });
        expect(readFrame(sent)).toEqual({ event, id, data: (JSON.parse(sent) as { data?: unknown }).data ?? {} });
      }),
    );
  });

  it('never throws, whatever the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const frame = readFrame(text);
        expect('problem' in frame || typeof frame.event === 'string').toBe(true);
      }),
    );
  });

  it.each(['', '{', 'null', '1', '"ping"', '[]', '[{"event":"ping"}]', '{}', '{"event":1}', '{"event":null}'])(
    'refuses %s',
    (text) => expect(readFrame(text)).toHaveProperty('problem'),
  );

  it.each([true, 1.5, {}, [], null, 'x'.repeat(COMMAND_ID_LENGTH + 1), 2 ** 60])('refuses the id %j', (id) => {
    expect(readFrame(JSON.stringify({ event: 'ping', id }))).toHaveProperty('problem');
  });

  it('keeps the id of a frame whose event is wrong, so that the client knows which it was', () => {
    expect(readFrame('{"id":7,"event":{}}')).toMatchObject({ id: 7 });
  });

  it('takes a frame without data as one with nothing in it', () => {
    expect(readFrame('{"event":"ping"}')).toEqual({ event: 'ping', id: undefined, data: {} });
  });
});

describe('envelopes', () => {
  const error = { code: 'BAD_FRAME', message: 'no' } as const;

  it('are JSON with event, id and data', () => {
    expect(JSON.parse(replyEnvelope('a"b', { at: 'now' }))).toEqual({ event: 'reply', id: 'a"b', data: { at: 'now' } });
    expect(JSON.parse(errorEnvelope(3, error))).toEqual({ event: 'error', id: 3, data: error });
    expect(JSON.parse(errorEnvelope(undefined, error))).toEqual({ event: 'error', data: error });
    const removed = { room: 'r', reason: 'left' } as const;
    expect(JSON.parse(eventEnvelope('roomRemoved', removed))).toEqual({ event: 'roomRemoved', data: removed });
  });

  it('join into one frame: a lone one as it is, several as an array', () => {
    expect(joinEnvelopes(['{"a":1}'])).toBe('{"a":1}');
    expect(JSON.parse(joinEnvelopes(['{"a":1}', '{"b":2}']))).toEqual([{ a: 1 }, { b: 2 }]);
  });
});
