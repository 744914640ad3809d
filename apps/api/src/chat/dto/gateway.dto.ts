import type { Authenticate, Id, PostMessage, React, Seen, Sync } from '@parley/contract';
import {
  ClientId,
  Emoji,
  MayBeAbsent,
  MessageText,
  ObjectIdString,
  TokenString,
  TrueOrFalse,
  WholeNumber,
} from '../../common/text-decorators';
import { SeenMap } from './seen.decorator';

/** `authenticate`. */
export class AuthenticateDto implements Authenticate {
  @TokenString()
  token!: string;

  @MayBeAbsent()
  @SeenMap()
  seen?: Seen;
}

/** `sync`. */
export class SyncDto implements Sync {
  @SeenMap()
  seen!: Seen;
}

/** The body of `POST /api/rooms/:id/messages`. */
export class MessageBodyDto implements Omit<PostMessage, 'room'> {
  @ClientId({ description: 'Your own name for the message, such as a UUID: a repeat with it posts nothing.' })
  clientId!: string;

  @MessageText()
  text!: string;
}

/** `postMessage`. */
export class PostMessageDto extends MessageBodyDto implements PostMessage {
  @ObjectIdString()
  room!: Id;
}

/** `react`. */
export class ReactDto implements React {
  @ObjectIdString()
  room!: Id;

  @WholeNumber(1, Number.MAX_SAFE_INTEGER)
  to!: number;

  @Emoji()
  emoji!: string;

  @TrueOrFalse()
  on!: boolean;
}

/** `ping`: nothing is asked for. */
export class PingDto {
  [key: string]: never;
}
