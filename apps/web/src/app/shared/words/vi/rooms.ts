import type { Words } from '../en';

export const rooms: Words['rooms'] = {
  title: 'Trò chuyện',
  emptyTitle: 'Chưa có cuộc trò chuyện nào',
  emptyText: 'Tìm ai đó theo tên hoặc số điện thoại, hoặc tạo một nhóm.',
  noneChosenTitle: 'Chọn một cuộc trò chuyện',
  noneChosenText: 'Chọn ở danh sách bên cạnh, hoặc tìm người để nhắn tin.',
  newGroup: 'Nhóm mới',
  details: 'Chi tiết',
};
