import type { Words } from '../en';

export const conversation: Words['conversation'] = {
  write: 'Nhập tin nhắn',
  send: 'Gửi',
  sending: 'Đang gửi…',
  emptyTitle: 'Chưa có tin nhắn nào',
  emptyText: 'Gửi tin nhắn đầu tiên nhé.',
};
