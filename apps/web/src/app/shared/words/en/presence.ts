import { pluralOf } from '../plural';

const plural = pluralOf('en');

export const presence = {
  online: 'Online',
  away: 'Away',
  busy: 'Busy',
  offline: 'Offline',
  lastSeen: (ago: string) => `Last seen ${ago}`,
  lastSeenNow: 'Last seen just now',
  status: 'Your status',
  available: 'Available',
  mine: (account: string, status: string) => `${account}: ${status}`,
  typing: 'typing…',
  oneTypes: (name: string) => `${name} is typing…`,
  twoType: (first: string, second: string) => `${first} and ${second} are typing…`,
  manyType: (count: number) => plural(count, { one: '1 person is typing…', other: `${count} people are typing…` }),
};
