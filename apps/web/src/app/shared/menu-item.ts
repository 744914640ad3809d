import type { IconName } from './icons';

/** What a menu offers: a page to go to, or something to do. */
export type MenuItem = { icon: IconName; text: string } & ({ link: string } | { act: () => void });
