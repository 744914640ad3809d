import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make every object in the young generation. By default it makes those of a place in the code whose objects once
 * lived long (at start, while the database is slow) old at birth. Here these hold on to all that their messages made
 * besides, until a full collection: each minor one then moves everything into old space and pauses for 7 ms, not for 1.
 * To be called before messages come.
 */
export function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
