import { TestBed } from '@angular/core/testing';
import type { SystemEvent } from '@parley/contract';
import { Page } from '../../testing/page';
import { ME, roomState, system } from '../../testing/samples';
import { Language } from '../shared/language';
import { Rows } from './list/rows';
import { SystemLine } from './system-line';

const OWN = { sender: undefined, user: { id: ME.id, name: ME.name } };

async function told(code: 'en' | 'vi', given: object): Promise<string> {
  localStorage.setItem('parley.language', JSON.stringify(code));
  await TestBed.inject(Language).ready();
  const row = new Rows(roomState([system(1, given)]), null).at(1);
  return (await Page.of(SystemLine, { row })).text;
}

describe('SystemLine', () => {
  it.each([
    ['en', 'join', 'Bình Trần joined', 'You joined'],
    ['en', 'leave', 'Bình Trần left', 'You left'],
    ['en', 'delete', 'Bình Trần deleted the room', 'You deleted the room'],
    ['vi', 'join', 'Bình Trần đã tham gia', 'Bạn đã tham gia'],
    ['vi', 'leave', 'Bình Trần đã rời đi', 'Bạn đã rời đi'],
    ['vi', 'delete', 'Bình Trần đã xóa phòng này', 'Bạn đã xóa phòng này'],
  ] as const)('says in %s who did it: %s', async (code, event: SystemEvent, ofOthers, ofOneself) => {
    expect(await told(code, { event })).toBe(ofOthers);
    TestBed.resetTestingModule();
    expect(await told(code, { event, ...OWN })).toBe(ofOneself);
  });

  it('repeats what the server says of an event that it does not know', async () => {
    expect(await told('vi', { event: 'rename', message: 'The room is called Coffee now.' })).toBe(
      'The room is called Coffee now.',
    );
  });
});
