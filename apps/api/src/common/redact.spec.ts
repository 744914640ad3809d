import { redact } from './redact';

describe('redact', () => {
  it.each([
    ['/people/+84912345567', '/people/[number]'],
    ['/api/users/%2B84912345567', '/api/users/[number]'],
    ['/api/users/%2b84912345567/x', '/api/users/[number]/x'],
    ['dup key: { phone: "+84912345567" }', 'dup key: { phone: "[number]" }'],
    ['private_room_84912345567_84987654321', 'private_room_[number]_[number]'],
    ['/api/rooms/665f1c2ab7e4d90012345678', '/api/rooms/665f1c2ab7e4d90012345678'],
    ['Bearer eyJhbGciOi.eyJzdWIi.c2ln', 'Bearer [token]'],
  ])('%s is shown as %s', (text, shown) => expect(redact(text)).toBe(shown));
});
