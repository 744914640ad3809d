import { pluralOf } from '../plural';

const plural = pluralOf('en');

export const conversation = {
  messages: 'Messages',
  write: 'Write a message',
  send: 'Send',
  charactersLeft: (count: number) => plural(count, { one: '1 character left', other: `${count} characters left` }),
  tooLong: (count: number) =>
    plural(count, { one: 'Too long by 1 character', other: `Too long by ${count} characters` }),

  sending: 'Sending',
  notSent: 'Not sent.',
  retry: 'Try again',
  discard: 'Discard',
  lost: (texts: string) => `Not sent, as the room is gone: ${texts}`,
  actions: 'What to do with this message',
  copy: 'Copy text',
  copied: 'Copied',
  notCopied: 'The browser does not allow copying here.',

  emptyTitle: 'Say hello',
  emptyText: 'Nobody has said anything yet. The first word is yours.',
  beginning: (day: string) => `It all began here: ${day}`,
  loadingOlder: 'Loading older messages…',
  olderFailed: 'Older messages could not be loaded.',
  unreadAbove: {
    text: 'There are more new messages further up.',
    seek: 'Go to the first',
    markRead: 'Mark as read',
  },
  newMessages: 'New messages',
  toNewest: 'To the newest message',
  toNewestOf: (count: string) => `To the newest: ${count} unread`,

  joined: (name: string) => `${name} joined`,
  youJoined: 'You joined',
  left: (name: string) => `${name} left`,
  youLeft: 'You left',
  deleted: (name: string) => `${name} deleted the room`,
  youDeleted: 'You deleted the room',

  lineDown: 'No connection.',
  connecting: 'Connecting…',
  triesAgainIn: (seconds: number) =>
    plural(seconds, { one: 'Trying again in a second.', other: `Trying again in ${seconds} seconds.` }),
  tryNow: 'Try now',
  lineBack: 'Connected again',

  said: (name: string, text: string) => `${name}: ${text}`,
  saidMuch: (count: number) => plural(count, { one: '1 new message', other: `${count} new messages` }),

  emoji: 'Emoji',
  findEmoji: 'Find an emoji',
  noEmojiFound: 'No emoji is called that.',
  emojiGroups: {
    recent: 'Recent',
    usual: 'Used most',
    faces: 'Faces and feelings',
    people: 'People and gestures',
    nature: 'Animals and nature',
    food: 'Food and drink',
    travel: 'Travel and places',
    activities: 'Activities',
    objects: 'Objects',
    symbols: 'Symbols',
    flags: 'Flags',
  },
  react: 'React',
  reactOtherwise: 'Another reaction…',
  reactWith: (emoji: string) => `React with ${emoji}`,
  reactions: 'Reactions',
  reaction: (emoji: string, names: string) => `${emoji} ${names}`,
  manyReactions: (emoji: string, count: number, names: string) => `${emoji} ${count}: ${names}`,
  others: (count: number) => plural(count, { one: '1 other', other: `${count} others` }),
};
