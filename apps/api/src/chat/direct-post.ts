import { Injectable } from '@nestjs/common';
import type { PostMessage, Posted } from '@parley/contract';
import { CLIENT_ID, MESSAGE_TEXT, OBJECT_ID, type TextRule } from '../common/text-rules';
import type { Connection } from '../realtime/connection';
import { ChatService } from './chat.service';
import { isSignedIn } from './signed-in-connection.guard';

/**
 * The short way of a well-formed `postMessage` from a connection that is signed in: past Nest's guards and pipes, which
 * cost more than all the rest. Whatever is not quite in order goes the ordinary way and gets its error there.
 */
@Injectable()
export class DirectPost {
  constructor(private readonly chat: ChatService) {}

  /** The reply to come, or nothing: then the ordinary handler is to be asked. */
  handle(connection: Connection, data: unknown): Promise<Posted> | undefined {
    const message = isSignedIn(connection) ? readPost(data) : undefined;
    return message && this.chat.post(connection.identity!.user, message);
  }
}

/** The message that `PostMessageDto` would make of the data, or nothing where it would refuse it. */
export function readPost(data: unknown): PostMessage | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  if (Object.keys(data).length !== 3) return undefined;
  const { room, clientId, text } = data as Record<string, unknown>;
  const read = [follow(OBJECT_ID, room), follow(CLIENT_ID, clientId), follow(MESSAGE_TEXT, text)];
  const [readRoom, readClientId, readText] = read;
  if (readRoom === undefined || readClientId === undefined || readText === undefined) return undefined;
  return { room: readRoom, clientId: readClientId, text: readText };
}

function follow(rule: TextRule, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const tidied = rule.tidy(value);
  return rule.problem(tidied) === undefined ? tidied : undefined;
}
