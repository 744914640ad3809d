import type { LogEntry, MyRoom } from '@parley/contract';
import { openRoom, type RoomState } from '../src/room-state';
import type { RoomMember } from '../src/room-summary';
import { ME, message, moment, myRoom } from './samples';

/** The state of a room that was just fetched. */
export function opened(seq: number, more: Partial<MyRoom> = {}): RoomState {
  return openRoom(ME.id, myRoom(seq, more));
}

export function seqs(entries: readonly LogEntry[]): number[] {
  return entries.map(({ seq }) => seq);
}

/** The entries `from` to `to`, both included. */
export function messages(from: number, to: number): LogEntry[] {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
}

/** People who are in no other way special. */
export function crowd(size: number): { id: string; name: string }[] {
  return Array.from({ length: size }, (_, at) => ({ id: `p${at + 2}`, name: `Person ${at + 2}` }));
}

export function member(
  person: { id: string; name: string },
  role: RoomMember['role'],
  at = 0,
): RoomMember & { phone: string } {
  return { ...person, role, joined_at: moment(at), phone: '' };
}
