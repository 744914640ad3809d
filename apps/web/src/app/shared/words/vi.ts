import type { Words } from './en';
import { common } from './vi/common';
import { conversation } from './vi/conversation';
import { errors } from './vi/errors';
import { people } from './vi/people';
import { presence } from './vi/presence';
import { rooms } from './vi/rooms';
import { session } from './vi/session';

/** Everything that the client says, in Vietnamese. */
export const vi: Words = { common, errors, session, rooms, people, presence, conversation };
