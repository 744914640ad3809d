export const rooms = {
  title: 'Chats',
  emptyTitle: 'No chats yet',
  emptyText: 'Search for somebody by name or phone number, or make a group.',
  noneChosenTitle: 'Choose a chat',
  noneChosenText: 'Pick one on the side, or search for somebody to talk to.',
  newGroup: 'New group',
  details: 'Details',
};
