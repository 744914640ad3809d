import { common } from './en/common';
import { conversation } from './en/conversation';
import { errors } from './en/errors';
import { people } from './en/people';
import { presence } from './en/presence';
import { rooms } from './en/rooms';
import { session } from './en/session';

/** Everything that the client says, in English: a section for each folder. */
export const en = { common, errors, session, rooms, people, presence, conversation };

/** What a language has to say. */
export type Words = typeof en;
