import { mongo } from 'mongoose';
import { inTime } from '../common/in-time';

/**
 * An answer of the database that does not come for this long is one of unknown outcome. The driver itself can wait for
 * ever: for the 'drain' of a socket that was closed at the moment in which it wrote to it. Longer than it looks for a
 * server.
 */
const ANSWER_WITHIN_MS = 15_000;

/** What was asked of the database, or a rejection when no answer comes in time: whoever waits in a lane holds others up. */
export function answered<T>(asked: Promise<T>, ms = ANSWER_WITHIN_MS): Promise<T> {
  return inTime(ms, asked, () => new mongo.MongoNetworkTimeoutError('no answer in time'));
}
