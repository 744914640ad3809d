import { type Id, LIMITS, type WatchPresence } from '@parley/contract';
import { PersonIds } from '../../common/text-decorators';

/** `watchPresence`. */
export class WatchPresenceDto implements WatchPresence {
  @PersonIds(LIMITS.watchedPeople)
  users!: Id[];
}
