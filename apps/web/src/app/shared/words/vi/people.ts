import type { Words } from '../en';

export const people: Words['people'] = {
  search: 'Tìm người và phòng',
  searchPeople: 'Tên hoặc số điện thoại',
  clear: 'Xóa nội dung tìm',
  searching: 'Đang tìm…',
  results: (count) => `${count} kết quả`,
  nobodyFound: 'Không tìm thấy ai. Hãy tìm theo tên hoặc nhập đủ số điện thoại.',
  nothingFound: 'Không tìm thấy gì. Tìm người theo tên hoặc đủ số điện thoại, tìm phòng theo tên.',
  noSuchNumber: 'Chưa có ai ở đây dùng số này. Bạn đã nhập đủ số chưa?',
  howToFind: 'Nhập tên hoặc đủ số điện thoại.',
  chosen: 'Những người đã chọn',
  remove: (name) => `Bỏ ${name}`,
  enough: (most) => `Mỗi lần tối đa ${most} người. Bạn có thể thêm sau.`,
};
