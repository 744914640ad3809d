import type { CommandName, Commands } from './commands';
import type { WireError } from './errors';
import type { EventName, Events } from './events';

/** A client's name for a command: its reply carries the same. */
export type CommandId = string | number;

/** What a client sends: one JSON object a frame. Without `id` the command is carried out, and only a failure is told. */
export type ClientFrame = {
  [C in CommandName]: { event: C; id?: CommandId; data: Commands[C]['data'] };
}[CommandName];

/** The answer to a command that had an `id`. */
export interface ReplyEnvelope<C extends CommandName = CommandName> {
  event: 'reply';
  id: CommandId;
  data: Commands[C]['reply'];
}

/** The refusal of a command that had an `id`. */
export interface ErrorEnvelope {
  event: 'error';
  id: CommandId;
  data: WireError;
}

/** An event; it has no `id`. */
export type EventEnvelope = {
  [E in EventName]: { event: E; id?: undefined; data: Events[E] };
}[EventName];

/** One thing that the server says. */
export type ServerEnvelope = ReplyEnvelope | ErrorEnvelope | EventEnvelope;

/** What the server sends: one envelope, or several in their order. */
export type ServerFrame = ServerEnvelope | ServerEnvelope[];
