import { pluralOf } from '../plural';

const plural = pluralOf('en');

export const common = {
  appName: 'Parley',
  back: 'Back',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  saving: 'Saving…',
  tryAgain: 'Try again',
  tryAgainIn: (seconds: number) =>
    plural(seconds, {
      one: 'That was too fast. Try again in a second.',
      other: `That was too fast. Try again in ${seconds} seconds.`,
    }),
  /** What the server says of a field: its own English sentence is exact, other languages have theirs. */
  refusedField: (_field: string, sentence: string) => sentence,
  loading: 'Loading…',
  you: 'You',
  skipToContent: 'Skip to content',
  notFoundTitle: 'Nothing here',
  notFoundText: 'This address leads nowhere. It may have been mistyped, or what it led to is gone.',
  toStart: 'Go to the start page',
  somethingFailed: 'That did not work',
  newVersion: 'A new version is there.',
  reload: 'Reload',
  partMissing: 'A part of Parley could not be loaded. Reload the page.',
};
