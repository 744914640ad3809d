import type { Words } from '../en';

export const conversation: Words['conversation'] = {
  messages: 'Tin nhắn',
  write: 'Nhập tin nhắn',
  send: 'Gửi',
  charactersLeft: (count) => `Còn ${count} ký tự`,
  tooLong: (count) => `Quá dài ${count} ký tự`,

  sending: 'Đang gửi',
  notSent: 'Chưa gửi được.',
  retry: 'Gửi lại',
  discard: 'Bỏ',
  lost: (texts) => `Chưa gửi được vì phòng không còn nữa: ${texts}`,
  actions: 'Tùy chọn cho tin nhắn này',
  copy: 'Sao chép',
  copied: 'Đã sao chép',
  notCopied: 'Trình duyệt không cho sao chép ở đây.',

  emptyTitle: 'Gửi lời chào nhé',
  emptyText: 'Chưa ai nói gì cả. Bạn mở lời trước nào.',
  beginning: (day) => `Mọi chuyện bắt đầu ở đây: ${day}`,
  loadingOlder: 'Đang tải tin nhắn cũ…',
  olderFailed: 'Chưa tải được tin nhắn cũ.',
  newMessages: 'Tin nhắn mới',
  toNewest: 'Đến tin mới nhất',
  toNewestOf: (count) => `Đến tin mới nhất: ${count} tin chưa đọc`,

  joined: (name) => `${name} đã tham gia`,
  youJoined: 'Bạn đã tham gia',
  left: (name) => `${name} đã rời đi`,
  youLeft: 'Bạn đã rời đi',
  deleted: (name) => `${name} đã xóa phòng này`,
  youDeleted: 'Bạn đã xóa phòng này',

  lineDown: 'Mất kết nối.',
  connecting: 'Đang kết nối…',
  triesAgainIn: (seconds) => `Thử lại sau ${seconds} giây.`,
  tryNow: 'Thử ngay',
  lineBack: 'Đã kết nối lại',

  said: (name, text) => `${name}: ${text}`,
  saidMuch: (count) => `${count} tin nhắn mới`,

  emoji: 'Biểu tượng cảm xúc',
  emojiGroups: { recent: 'Gần đây', faces: 'Mặt', hands: 'Tay và tim', life: 'Hằng ngày' },
};
