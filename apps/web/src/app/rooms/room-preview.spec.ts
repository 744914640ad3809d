import type { LogEntry } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { ME, message, privateChat, reaction, roomState, system } from '../../testing/samples';
import { en } from '../shared/words/en';
import { vi } from '../shared/words/vi';
import { roomPreview } from './room-preview';

const UNKNOWN = { type: 'poll', room: 'r', seq: 2, id: 'e2', at: '' } as unknown as LogEntry;
const SET_AND_TAKEN_BACK = [reaction(2, 1), reaction(3, 1, { on: false })];
const MINE = { sender: { id: ME.id, name: ME.name } };
const OTHERS = { sender: { id: 'c'.repeat(24), name: 'Nguyễn Thị Ánh' } };

function withPending(state: RoomState, error?: { code: 'RATE_LIMITED'; message: string }): RoomState {
  const pending = { message: { room: state.room.id, clientId: 'c1', text: 'soon' }, queuedAt: '', error };
  return { ...state, pending: [pending] };
}

describe('What a list says of a room', () => {
  it.each([
    ['who wrote in a group, by first name', roomState([message(1, { ...OTHERS, text: 'hi' })]), 'Ánh: hi'],
    ['that it was you', roomState([message(1, { ...MINE, text: 'hi' })]), 'You: hi'],
    ['only the text in a private chat', privateChat(2, 'Bình', [message(1, { text: 'hi' })]), 'hi'],
    ['who joined', roomState([system(1)]), 'Bình joined'],
    ['that you joined', roomState([system(1, { user: ME })]), 'You joined'],
    ['who left', roomState([system(1, { event: 'leave' })]), 'Bình left'],
    ['that you left', roomState([system(1, { event: 'leave', user: ME })]), 'You left'],
    ['who deleted it', roomState([system(1, { event: 'delete' })]), 'Bình deleted the room'],
    ['that you deleted it', roomState([system(1, { event: 'delete', user: ME })]), 'You deleted the room'],
    ['who reacted', roomState([message(1), reaction(2, 1)]), 'Bình reacted 👍'],
    ['that you reacted', roomState([message(1), reaction(2, 1, { user: ME })]), 'You reacted 👍'],
    ['not what was taken back', roomState([message(1, MINE), ...SET_AND_TAKEN_BACK]), 'You: Message 1'],
    ['not what only a newer server knows', roomState([message(1, MINE), UNKNOWN]), 'You: Message 1'],
    ['that nothing was said', roomState([]), 'Nothing said yet'],
  ])('S16 is %s', (_what, state, text) => {
    expect(roomPreview(state, en)).toEqual({ text });
  });

  it('S16 is in the reader’s language', () => {
    expect(roomPreview(roomState([system(1)]), vi).text).toBe('Bình đã vào');
  });

  it('is the server’s own sentence for what a newer server tells', () => {
    const strange = system(1, { event: 'rename' as never, message: 'Bình has renamed the room.' });
    expect(roomPreview(roomState([strange]), en).text).toBe('Bình has renamed the room.');
  });

  it('S16 is what waits to be sent, and what the server refuses', () => {
    const state = roomState([message(1)]);
    expect(roomPreview(withPending(state), en)).toEqual({ text: 'You: soon', mark: 'waiting' });
    const refused = withPending(state, { code: 'RATE_LIMITED', message: '' });
    expect(roomPreview(refused, en)).toEqual({ text: 'You: soon', mark: 'failed' });
  });

  it.each([
    ['one\n\n  two\tthree', 'one two three'],
    ['**bold** and `code`', 'bold and code'],
    ['_see_ [the map](https://a.b), ~~not~~ *there*', 'see the map, not there'],
    ['> quoted\n# Title\n- item', 'quoted Title item'],
    ['2*3*4 - 1 > 0', '2*3*4 - 1 > 0'],
    ['```ts\nconst a = 1;\n```', 'const a = 1;'],
  ])('is one line without markup: %j', (text, shown) => {
    expect(roomPreview(privateChat(2, 'Bình', [message(1, { text })]), en).text).toBe(shown);
  });

  it('is short however long the text is', () => {
    const text = 'a\n'.repeat(4_000);
    expect(roomPreview(privateChat(2, 'Bình', [message(1, { text })]), en).text.length).toBeLessThanOrEqual(160);
  });
});
