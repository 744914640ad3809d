import type { ShowPhones } from '../config/parley-config';
import { maskPhone } from './phone';

/** What the viewer has to do with the person whose number it is. */
export interface Acquaintance {
  /** It is the viewer's own number. */
  isSelf: boolean;
  sharesPrivateRoom: boolean;
  /** The viewer has just searched for exactly this number, and so knows it. */
  searchedExactly: boolean;
}

/** The number as the viewer may see it under the server's `SHOW_PHONES`: whole, or masked. */
export function phoneFor(shown: ShowPhones, phone: string, viewer: Acquaintance): string {
  if (viewer.isSelf || shown === 'all') return phone;
  const known = viewer.sharesPrivateRoom || viewer.searchedExactly;
  return shown === 'contacts' && known ? phone : maskPhone(phone);
}
