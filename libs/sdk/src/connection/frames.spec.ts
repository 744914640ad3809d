import fc from 'fast-check';
import { message } from '../../testing/samples';
import { decode, encode } from './frames';

const KINDS = ['reply', 'refusal', 'event', 'fault'];

describe('frames', () => {
  it('carry a command with its id', () => {
    expect(JSON.parse(encode('joinRoom', 7, { room: 'r1' }))).toEqual({
      event: 'joinRoom',
      id: 7,
      data: { room: 'r1' },
    });
  });

  it('are one envelope, or several in their order', () => {
    const event = { event: 'messagePosted', data: message(1) };
    const reply = { event: 'reply', id: 1, data: { at: 'now' } };
    expect(decode(JSON.stringify(event))).toEqual([{ kind: 'event', envelope: event }]);
    expect(decode(JSON.stringify([reply, event])).map(({ kind }) => kind)).toEqual(['reply', 'event']);
    expect(decode('[]')).toEqual([]);
  });

  it('tell a refused command from an error of the connection', () => {
    const error = { code: 'FORBIDDEN', message: 'No.' };
    expect(decode(JSON.stringify({ event: 'error', id: 1, data: error }))).toEqual([{ kind: 'refusal', id: 1, error }]);
    expect(decode(JSON.stringify({ event: 'error', data: error }))).toMatchObject([{ kind: 'event' }]);
  });

  it.each([
    ['no JSON', '{'],
    ['bytes', new Uint8Array(3)],
    ['no envelope', '7'],
    ['null', 'null'],
    ['no event', '{"data":{}}'],
    ['a reply without an id', '{"event":"reply","data":{}}'],
    ['a reply with a strange id', '{"event":"reply","id":{},"data":{}}'],
    ['an error without a code', '{"event":"error","id":1,"data":{}}'],
    ['an event without data', '{"event":"system"}'],
  ])('that are %s become a fault', (_, frame) => {
    expect(decode(frame)).toMatchObject([{ kind: 'fault' }]);
  });

  it('never throw, whatever comes', () => {
    const frame = fc.oneof(fc.string(), fc.json(), fc.uint8Array());
    fc.assert(fc.property(frame, (any) => decode(any).every(({ kind }) => KINDS.includes(kind))));
  });

  it('keep what is good beside what is not', () => {
    expect(decode('[1,{"event":"system","data":{}}]').map(({ kind }) => kind)).toEqual(['fault', 'event']);
  });
});
