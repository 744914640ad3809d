import type { Words } from '../en';

export const presence: Words['presence'] = {
  online: 'Đang hoạt động',
  away: 'Vắng mặt',
  busy: 'Đang bận',
  offline: 'Ngoại tuyến',
  lastSeen: (ago) => `Hoạt động ${ago}`,
  lastSeenNow: 'Vừa hoạt động',
  status: 'Trạng thái của bạn',
  available: 'Sẵn sàng',
  mine: (account, status) => `${account} – ${status}`,
  typing: 'đang nhập…',
  oneTypes: (name) => `${name} đang nhập…`,
  twoType: (first, second) => `${first} và ${second} đang nhập…`,
  manyType: (count) => `${count} người đang nhập…`,
};
