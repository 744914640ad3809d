import type { HistoryLine } from './history';
import { echo } from './laws/echo';
import { membership } from './laws/membership';
import { once } from './laws/once';
import { onDisk } from './laws/on-disk';
import { order } from './laws/order';
import { reactions } from './laws/reactions';
import { slowReaders } from './laws/slow-readers';
import { state } from './laws/state';
import { Story } from './story';
import type { Violation } from './violation';

const LAWS = [order, onDisk, once, reactions, state, echo, slowReaders, membership];

/** Everything in a history that the seven laws forbid; nothing where all of them hold. Pure. */
export function check(lines: readonly HistoryLine[]): Violation[] {
  const story = new Story(lines);
  return LAWS.flatMap((law) => law(story));
}
