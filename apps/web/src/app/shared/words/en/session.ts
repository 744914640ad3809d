import { LIMITS } from '@parley/contract';
import { pluralOf } from '../plural';

const plural = pluralOf('en');

export const session = {
  welcome: {
    title: 'Talk with your people.\nNobody else reads along.',
    text: 'Parley is a chat that belongs to whoever runs the server: private chats and groups, on every device, quick as a thought.',
    signIn: 'Sign in',
    signUp: 'Create an account',
    example: {
      person: 'Mai',
      lines: ['Dinner at seven? 🍜', 'Yes! I will bring the mangoes.', 'Then I bring everybody else.'],
    },
    points: [
      { title: 'Yours', text: 'Your words stay on this server. No adverts, no trackers, no company in between.' },
      { title: 'Nothing lost', text: 'Write without a connection: it goes out once, and in order, when you are back.' },
      { title: 'Together', text: 'Private chats, groups and rooms that anybody here may join.' },
    ],
  },
  signIn: {
    title: 'Sign in',
    submit: 'Sign in',
    busy: 'Signing in…',
    noAccount: 'New here?',
    toSignUp: 'Create an account',
  },
  signUp: {
    title: 'Create an account',
    submit: 'Create account',
    busy: 'Creating your account…',
    haveAccount: 'Have an account?',
    toSignIn: 'Sign in',
  },
  fields: {
    name: 'Name',
    nameHint: 'This is how others see you.',
    phone: 'Phone number',
    phoneHint: 'Others find you by it; only your contacts see it in full.',
    country: 'Country',
    password: 'Password',
    passwordHint: `At least ${LIMITS.passwordMin} characters. A few words are easier to remember than signs.`,
    currentPassword: 'Current password',
    newPassword: 'New password',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
  },
  problems: {
    nameMissing: 'Tell others your name.',
    nameTooLong: `At most ${LIMITS.userNameLength} characters.`,
    phoneMissing: 'Enter your phone number.',
    phoneInvalid: 'This does not look like a phone number.',
    passwordMissing: 'Enter your password.',
    passwordNone: 'Choose a password.',
    passwordTooShort: (missing: number) =>
      plural(missing, { one: 'One more character.', other: `${missing} more characters.` }),
    passwordTooLong: `At most ${LIMITS.passwordMax} characters.`,
  },
  ended: {
    signedOut: 'You are signed out.',
    revoked: 'This session was ended from another device. Sign in to go on.',
    expired: 'You have been signed in for a long time. Sign in again to go on.',
  },
  account: 'Your account',
  signOut: 'Sign out',
  unsent: {
    title: 'Sign out now?',
    text: (count: number) =>
      plural(count, {
        one: 'One message has not been sent yet. It will be lost when you sign out.',
        other: `${count} messages have not been sent yet. They will be lost when you sign out.`,
      }),
    confirm: 'Sign out anyway',
  },
  sessions: {
    title: 'Sessions',
    text: 'Where you are signed in. End what you do not know or no longer use.',
    current: 'This device',
    device: (browser: string, system: string) => `${browser} on ${system}`,
    unknownDevice: 'Unknown device',
    lastSeen: (ago: string) => `Last seen ${ago}`,
    activeNow: 'Active now',
    since: (day: string) => `Signed in ${day}`,
    end: 'End',
    endThis: (device: string) => `End the session: ${device}`,
    endTitle: 'End this session?',
    endText: (device: string) => `${device} is signed out at once.`,
    endConfirm: 'End session',
    endOthers: 'End all others',
    endOthersTitle: 'End all other sessions?',
    endOthersText: (count: number) =>
      plural(count, {
        one: 'One other device is signed out at once. You stay signed in here.',
        other: `${count} other devices are signed out at once. You stay signed in here.`,
      }),
    ended: (count: number) => plural(count, { one: 'Session ended.', other: `${count} sessions ended.` }),
    onlyThis: 'You are signed in on this device only.',
    failedTitle: 'Your sessions could not be loaded',
  },
  settings: {
    title: 'Settings',
    profile: 'You',
    administrator: 'Administrator',
    saved: 'Saved.',
    language: 'Language',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    account: 'Account',
    passwordText: 'A change signs out all your other devices at once. You stay signed in here.',
    changePassword: 'Change password',
    passwordChanged: 'Your password is changed. Your other devices are signed out.',
  },
};
