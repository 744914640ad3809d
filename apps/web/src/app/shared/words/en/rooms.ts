import { pluralOf } from '../plural';

const plural = pluralOf('en');

const people = (count: number) => plural(count, { one: '1 person', other: `${count.toLocaleString('en')} people` });
const members = (count: number) => plural(count, { one: '1 member', other: `${count.toLocaleString('en')} members` });

export const rooms = {
  title: 'Chats',
  contacts: 'Contacts',
  emptyTitle: 'No chats yet',
  emptyText: 'Find somebody by name or phone number, or make a group.',
  noneChosenTitle: 'Choose a chat',
  noneChosenText: 'Pick one on the side, or search for somebody to talk to.',
  welcomeTitle: (name: string) => `Welcome, ${name}`,
  welcomeText: 'Your chats will be here. Begin on the side: find somebody, or make a group.',
  unreachableTitle: 'Your chats are not here yet',
  create: 'New chat, group or room',
  newChat: 'New chat',
  newGroup: 'New group',
  newRoom: 'New room',
  details: 'Details',
  kinds: { private: 'Private chat', group: 'Group', publicRoom: 'Public room', privateRoom: 'Private room' },
  members,
  unread: (count: number) =>
    count > 99
      ? 'more than 99 unread messages'
      : plural(count, { one: '1 unread message', other: `${count} unread messages` }),
  preview: {
    own: (text: string) => `You: ${text}`,
    by: (name: string, text: string) => `${name}: ${text}`,
    waiting: 'Waiting to be sent',
    failed: 'Not sent',
    joined: (name: string) => `${name} joined`,
    youJoined: 'You joined',
    left: (name: string) => `${name} left`,
    youLeft: 'You left',
    deleted: (name: string) => `${name} deleted the room`,
    youDeleted: 'You deleted the room',
    reacted: (name: string, emoji: string) => `${name} reacted ${emoji}`,
    youReacted: (emoji: string) => `You reacted ${emoji}`,
    nothing: 'Nothing said yet',
  },
  news: (count: number, title: string) =>
    plural(count, { one: `New message in ${title}`, other: `${count} new messages in ${title}` }),
  search: {
    results: 'Search results',
    yours: 'Your chats',
    people: 'People',
    open: 'Rooms to join',
  },
  group: {
    name: 'Group name',
    people: 'Add by name or phone number',
    nobody: 'Choose at least one person.',
    submit: 'Create group',
    busy: 'Creating…',
  },
  room: {
    name: 'Room name',
    nameHint: 'No two rooms have the same name.',
    description: 'What is it about?',
    optional: 'Optional',
    visibility: 'Who may come in?',
    public: 'Everybody here',
    publicHint: 'Anybody can find it and join.',
    private: 'Only people who are added',
    privateHint: 'Nobody else can find it.',
    places: 'Member limit',
    submit: 'Create room',
    busy: 'Creating…',
  },
  problems: {
    nameMissing: 'Give it a name.',
    tooLong: (most: number) => `At most ${most} characters.`,
    places: (least: number, most: number) => `A whole number from ${least} to ${most.toLocaleString('en')}.`,
  },
  add: {
    title: 'Add people',
    submit: (count: number) => (count > 0 ? `Add ${people(count)}` : 'Add'),
    busy: 'Adding…',
    done: (count: number) => `${people(count)} added.`,
  },
  about: {
    open: 'Show details',
    close: 'Close details',
    created: (day: string) => `Since ${day}`,
    owner: 'Owner',
    you: 'You',
    find: 'Find a member',
    more: 'Show more',
    noMember: 'No member with this name.',
    membersFailed: 'The members could not be loaded.',
    talkTo: (name: string) => `Chat with ${name}`,
  },
  leave: {
    action: 'Leave',
    confirm: 'Leave',
    title: (room: string) => `Leave ${room}?`,
    done: (room: string) => `You left ${room}.`,
    heir: (name: string) => `${name}, who has been here longest, becomes the owner.`,
    ofPublic: 'You can join again whenever you like.',
    ofClosed: 'You can come back only when a member adds you.',
    ofPrivate: (name: string) =>
      `It disappears from your list. When you or ${name} open it again, it is all still there.`,
    lastOfPublic: 'You are the last one here. The room stays and belongs to whoever comes next.',
    lastOfClosed: 'You are the last one here: nobody could come back, so it is deleted with everything said in it.',
  },
  remove: {
    action: 'Delete',
    confirm: 'Delete for everybody',
    title: (room: string) => `Delete ${room}?`,
    text: (entries: number, count: number) =>
      `Its whole history (${plural(entries, { one: '1 entry', other: `${entries.toLocaleString('en')} entries` })}) disappears for ${
        count > 1 ? `all ${members(count)}` : 'everybody'
      }. This cannot be undone.`,
    done: (room: string) => `${room} is deleted.`,
  },
  gone: {
    deleted: 'This room has been deleted. Nobody can read it any more once you leave this page.',
    deletedBy: (name: string) => `${name} has deleted this room. It is gone once you leave this page.`,
    left: 'You are not in this room any more.',
    otherLeft: (name: string) => `${name} has left this chat and would not see what you write.`,
    toChats: 'Back to the chats',
    rejoin: 'Join again',
    reopen: 'Open again',
  },
  door: {
    join: 'Join',
    joining: 'Joining…',
    noDescription: 'There is no description.',
    full: 'This room is full.',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    search: 'Search people and rooms',
    previous: 'Previous chat',
    next: 'Next chat',
    newGroup: 'New group',
    back: 'Back',
    help: 'This list',
    letters: 'Single-key shortcuts',
    lettersHint: 'Turn them off if you press them by accident, or speak to your computer.',
    or: 'or',
  },
};
