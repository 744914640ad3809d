import { LIMITS } from '@parley/contract';
import type { Words } from '../en';

export const session: Words['session'] = {
  welcome: {
    title: 'Trò chuyện với người thân quen. Không ai khác đọc được.',
    text: 'Parley là ứng dụng chat thuộc về chính người vận hành máy chủ: chat riêng và nhóm, trên mọi thiết bị, nhanh và nhẹ.',
    signIn: 'Đăng nhập',
    signUp: 'Tạo tài khoản',
    points: [
      {
        title: 'Của bạn',
        text: 'Tin nhắn nằm trên máy chủ này. Không quảng cáo, không theo dõi, không công ty nào ở giữa.',
      },
      { title: 'Không mất tin', text: 'Mất mạng vẫn viết được: có mạng lại là tin tự gửi, đúng một lần, đúng thứ tự.' },
      { title: 'Cùng nhau', text: 'Chat riêng, nhóm, và phòng mở cho mọi người ở đây.' },
    ],
  },
  signIn: {
    title: 'Đăng nhập',
    submit: 'Đăng nhập',
    busy: 'Đang đăng nhập…',
    noAccount: 'Bạn mới đến?',
    toSignUp: 'Tạo tài khoản',
  },
  signUp: {
    title: 'Tạo tài khoản',
    submit: 'Tạo tài khoản',
    busy: 'Đang tạo tài khoản…',
    haveAccount: 'Đã có tài khoản?',
    toSignIn: 'Đăng nhập',
  },
  fields: {
    name: 'Tên',
    nameHint: 'Mọi người sẽ thấy bạn với tên này.',
    phone: 'Số điện thoại',
    phoneHint: 'Để mọi người tìm thấy bạn; chỉ người quen mới thấy đủ số.',
    country: 'Quốc gia',
    password: 'Mật khẩu',
    passwordHint: `Ít nhất ${LIMITS.passwordMin} ký tự. Vài từ ghép lại sẽ dễ nhớ hơn ký hiệu.`,
    showPassword: 'Hiện mật khẩu',
    hidePassword: 'Ẩn mật khẩu',
  },
  problems: {
    nameMissing: 'Cho mọi người biết tên bạn nhé.',
    nameTooLong: `Tối đa ${LIMITS.userNameLength} ký tự.`,
    phoneMissing: 'Nhập số điện thoại của bạn.',
    phoneInvalid: 'Số điện thoại này có vẻ chưa đúng.',
    passwordMissing: 'Nhập mật khẩu của bạn.',
    passwordTooShort: (missing) => `Cần thêm ${missing} ký tự.`,
    passwordTooLong: `Tối đa ${LIMITS.passwordMax} ký tự.`,
  },
  ended: {
    signedOut: 'Bạn đã đăng xuất.',
    revoked: 'Phiên này đã bị kết thúc từ thiết bị khác. Đăng nhập để tiếp tục.',
    expired: 'Bạn đã đăng nhập khá lâu rồi. Đăng nhập lại để tiếp tục nhé.',
  },
  account: 'Tài khoản của bạn',
  signOut: 'Đăng xuất',
  sessions: {
    title: 'Phiên đăng nhập',
  },
  settings: {
    title: 'Cài đặt',
    language: 'Ngôn ngữ',
    theme: 'Giao diện',
    themes: { system: 'Theo hệ thống', light: 'Sáng', dark: 'Tối' },
  },
};
