import { LIMITS } from '@parley/contract';
import { pluralOf } from '../plural';

const plural = pluralOf('en');

export const session = {
  welcome: {
    title: 'Talk with your people. Nobody else reads along.',
    text: 'Parley is a chat that belongs to whoever runs the server: private chats and groups, on every device, quick as a thought.',
    signIn: 'Sign in',
    signUp: 'Create an account',
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
    showPassword: 'Show password',
    hidePassword: 'Hide password',
  },
  problems: {
    nameMissing: 'Tell others your name.',
    nameTooLong: `At most ${LIMITS.userNameLength} characters.`,
    phoneMissing: 'Enter your phone number.',
    phoneInvalid: 'This does not look like a phone number.',
    passwordMissing: 'Enter your password.',
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
  sessions: {
    title: 'Sessions',
  },
  settings: {
    title: 'Settings',
    language: 'Language',
    theme: 'Appearance',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },
};
