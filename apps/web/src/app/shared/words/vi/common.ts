import { LIMITS } from '@parley/contract';
import type { Words } from '../en';

const REFUSED: Readonly<Record<string, string>> = {
  name: 'Tên này chưa dùng được. Bạn chọn tên khác nhé.',
  phone: 'Số điện thoại này không đúng.',
  password: `Mật khẩu cần từ ${LIMITS.passwordMin} đến ${LIMITS.passwordMax} ký tự.`,
};

export const common: Words['common'] = {
  appName: 'Parley',
  back: 'Quay lại',
  cancel: 'Hủy',
  close: 'Đóng',
  save: 'Lưu',
  saving: 'Đang lưu…',
  tryAgain: 'Thử lại',
  tryAgainIn: (seconds) => `Bạn thao tác hơi nhanh. Thử lại sau ${seconds} giây nhé.`,
  refusedField: (field, sentence) => REFUSED[field] ?? sentence,
  loading: 'Đang tải…',
  you: 'Bạn',
  skipToContent: 'Đến nội dung chính',
  notFoundTitle: 'Không có gì ở đây',
  notFoundText: 'Địa chỉ này không dẫn tới đâu. Có thể bạn gõ nhầm, hoặc nội dung đã bị xóa.',
  toStart: 'Về trang đầu',
  somethingFailed: 'Chưa thực hiện được',
  newVersion: 'Đã có phiên bản mới.',
  reload: 'Tải lại',
  partMissing: 'Một phần của Parley chưa tải được. Tải lại trang nhé.',
};
