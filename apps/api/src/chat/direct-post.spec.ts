import fc from 'fast-check';
import { validateDto } from '../common/validation';
import { readPost } from './direct-post';
import { PostMessageDto } from './dto/gateway.dto';

/** What the ordinary way makes of the data. */
function byDto(data: unknown): unknown {
  try {
    return { ...validateDto(PostMessageDto, data) };
  } catch {
    return undefined;
  }
}

const roomLike = fc.oneof(
  fc.stringMatching(/^[0-9a-fA-F]{24}$/),
  fc.stringMatching(/^[0-9a-f]{20,26}$/),
  fc.anything(),
);
const clientIdLike = fc.oneof(fc.uuid(), fc.stringMatching(/^[\x20-\x7f]{0,70}$/), fc.anything());
const textLike = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\n', '\r\nhi\r', '\0', '\ud800', '\u202e', 'x'.repeat(8_000), 'x'.repeat(8_001), '👋'),
  fc.anything(),
);
const message = fc.record({ room: roomLike, clientId: clientIdLike, text: textLike }, { requiredKeys: [] });
const withMore = fc
  .tuple(message, fc.dictionary(fc.string(), fc.anything(), { maxKeys: 2 }))
  .map(([a, b]) => ({ ...b, ...a }));

describe('readPost', () => {
  it('reads exactly what the DTO reads, and refuses exactly what it refuses', () => {
    fc.assert(
      fc.property(fc.oneof(message, withMore, fc.anything()), (data) => expect(readPost(data)).toEqual(byDto(data))),
      { numRuns: 2_000 },
    );
  });

  it('reads what a client sends', () => {
    const sent = { room: 'A'.repeat(24), clientId: 'c-1', text: 'Xin chào\r\n👋' };
    expect(readPost(sent)).toEqual({ room: 'a'.repeat(24), clientId: 'c-1', text: 'Xin chào\n👋' });
  });

  it.each([
    JSON.parse('{"__proto__":{},"room":"aaaaaaaaaaaaaaaaaaaaaaaa","clientId":"c","text":"t"}') as object,
    JSON.parse('{"__proto__":{"text":"t"},"room":"aaaaaaaaaaaaaaaaaaaaaaaa","clientId":"c"}') as object,
    Object.create({ room: 'a'.repeat(24), clientId: 'c', text: 't' }) as object,
    { room: 'a'.repeat(24), clientId: 'c', text: 't', toString: 'an own one' },
  ])('takes nothing from a prototype', (data) => {
    expect(readPost(data)).toBeUndefined();
    expect(byDto(data)).toBeUndefined();
  });
});
