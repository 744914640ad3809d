export const conversation = {
  write: 'Write a message',
  send: 'Send',
  sending: 'Sending…',
  emptyTitle: 'Nothing said yet',
  emptyText: 'Write the first message.',
};
