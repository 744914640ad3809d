import fc from 'fast-check';
import { isReserved, nameKey, privateRoomName } from './room-name';

const phone = fc.stringMatching(/^\+[1-9]\d{6,14}$/);

describe('privateRoomName', () => {
  it('S7 is private_room_ and the digits of both numbers, sorted, joined by _', () => {
    expect(privateRoomName(['+84912345568', '+84912345567'])).toBe('private_room_84912345567_84912345568');
  });

  it('S7 is the same from either side, and another for every other pair', () => {
    fc.assert(
      fc.property(phone, phone, phone, (a, b, c) => {
        expect(privateRoomName([a, b])).toBe(privateRoomName([b, a]));
        fc.pre(b !== c);
        expect(privateRoomName([a, b])).not.toBe(privateRoomName([a, c]));
      }),
    );
  });

  it('is a name that nobody else may take', () => {
    fc.assert(fc.property(phone, phone, (a, b) => expect(isReserved(privateRoomName([a, b]))).toBe(true)));
  });
});

describe('isReserved', () => {
  it.each(['private_room_', 'PRIVATE_ROOM_1_2', 'Ｐrivate_room_1', 'prívate_room_1'])('keeps "%s"', (name) => {
    expect(isReserved(name)).toBe(true);
  });

  it.each(['private room', 'our private_room_', 'privateroom_1'])('leaves "%s"', (name) => {
    expect(isReserved(name)).toBe(false);
  });
});

describe('nameKey', () => {
  it.each(['Tea house', 'tea HOUSE', ' Tea   house ', 'Ｔea house', 'Tea\u00a0house'])(
    'takes "%s" for one name',
    (name) => {
      expect(nameKey(name)).toBe('tea house');
    },
  );

  it('tells names apart that differ in their accents', () => {
    expect(nameKey('ma')).not.toBe(nameKey('má'));
  });

  it('is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => expect(nameKey(nameKey(name))).toBe(nameKey(name))),
    );
  });
});
