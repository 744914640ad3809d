import { message } from '../testing/samples';
import { StrayEntries } from './stray-entries';

describe('StrayEntries', () => {
  it('hands over what came for a room, once', () => {
    const strays = new StrayEntries();
    strays.add('r1', [message(1)]);
    strays.add('r1', [message(2)]);
    expect(strays.take('r1').map(({ seq }) => seq)).toEqual([1, 2]);
    expect(strays.take('r1')).toEqual([]);
  });

  it('keeps the newest entries of the latest rooms only', () => {
    const strays = new StrayEntries();
    strays.add(
      'busy',
      Array.from({ length: 250 }, (_, at) => message(at + 1)),
    );
    expect(strays.take('busy').map(({ seq }) => seq)[0]).toBe(151);
    for (let room = 0; room <= 100; room += 1) strays.add(`r${room}`, [message(1)]);
    expect(strays.take('r0')).toEqual([]);
    expect(strays.take('r1')).toHaveLength(1);
  });
});
