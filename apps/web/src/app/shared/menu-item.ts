import type { Presence } from '@parley/contract';
import type { IconName } from './icons';

/** What a menu offers: a page to go to, or something to do. */
export type MenuItem = { icon: IconName; text: string } & ({ link: string } | { act: () => void });

/** One of several things of which one is chosen. */
export interface MenuOption {
  /** The sign before it, as faces have it. */
  sign: Presence;
  text: string;
  isChosen: boolean;
  act: () => void;
}

/** A choice that a menu has above all that it offers. */
export interface MenuChoice {
  label: string;
  options: readonly MenuOption[];
}
