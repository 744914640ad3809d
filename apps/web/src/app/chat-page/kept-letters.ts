import type { Kept, KeptValues } from '../shared/kept';

/** Whether shortcuts of one letter are wanted: yes, until somebody turns them off. */
export function keepLetters(values: KeptValues): Kept<boolean> {
  return values.keep('letters', (found) => found !== false);
}
