import type { Room, User } from '@parley/contract';
import { myRoom, personId, privateChat, roomId, roomState } from '../../testing/samples';
import { resultsOf } from './contact-results';

const user = (number: number, name: string): User => ({ id: personId(number), name, phone: '+84 ••• ••• 567' });
const room = (number: number, name: string): Room => myRoom({ id: roomId(number), name, kind: 'room', users: [] });
const mine = [
  privateChat(2, 'Bình Trần'),
  roomState([], { id: roomId(9), name: 'Bình yên' }),
  privateChat(4, 'Chi Vũ'),
];

describe('The results of a search', () => {
  it('S13 are one’s own chats at once, before the server has answered', () => {
    const { mine: own, people, open } = resultsOf('binh', mine, undefined);
    expect(own).toEqual(mine.slice(0, 2));
    expect([people, open]).toEqual([[], []]);
  });

  it('S13 show nobody twice, and no room that one is in as one to join', () => {
    const found = {
      people: [user(2, 'Bình Trần'), user(7, 'Bình Lê')],
      rooms: [room(9, 'Bình yên'), room(8, 'Bình Dương')],
    };
    const { people, open } = resultsOf('binh', mine, { query: 'binh', found });
    expect(people.map(({ name }) => name)).toEqual(['Bình Lê']);
    expect(open.map(({ name }) => name)).toEqual(['Bình Dương']);
  });

  it('S13 put those whom one talks to before strangers, the latest first', () => {
    const found = { people: [user(7, 'Dũng'), user(4, 'Chi Vũ'), user(2, 'Bình Trần')], rooms: [] };
    const { people } = resultsOf('0912 345 567', mine, { query: '0912 345 567', found });
    expect(people.map(({ name }) => name)).toEqual(['Bình Trần', 'Chi Vũ', 'Dũng']);
  });

  it('S13 keep of the answer before what still matches, until the next one is there', () => {
    const found = { people: [user(7, 'Bình Lê'), user(8, 'Bảo')], rooms: [room(8, 'Bình Dương'), room(10, 'Books')] };
    const { people, open } = resultsOf('bi', [], { query: 'b', found });
    expect(people.map(({ name }) => name)).toEqual(['Bình Lê']);
    expect(open.map(({ name }) => name)).toEqual(['Bình Dương']);
  });
});
