import type { CommandId, EventName, Events, WireError } from '@parley/contract';

/** A client's frame once its envelope has been checked; `data` is still whatever was sent. */
export interface Command {
  event: string;
  id: CommandId | undefined;
  data: unknown;
}

/** A frame that is no command, and a sentence that says why. */
export interface BadFrame {
  problem: string;
  id: CommandId | undefined;
}

/** The longest `id` that a command may have, in UTF-16 units. */
export const COMMAND_ID_LENGTH = 64;

/**
 * Reads the envelope of a client's frame. Returns a sentence that says what is wrong where it is none; where the
 * frame is so far in order that it has an `id`, that id is in the refusal, so that the client can tell which it was.
 */
export function readFrame(text: string): Command | BadFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'The frame is not JSON.', id: undefined };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'A frame is one JSON object {event, id?, data}.', id: undefined };
  }
  const { event, id, data } = value as Record<string, unknown>;
  if (id !== undefined && !isCommandId(id)) {
    return { problem: `id is a whole number or a string of up to ${COMMAND_ID_LENGTH} characters.`, id: undefined };
  }
  if (typeof event !== 'string') return { problem: 'event is the name of a command, a string.', id };
  return { event, id, data: data ?? {} };
}

function isCommandId(id: unknown): id is CommandId {
  return typeof id === 'string' ? id.length <= COMMAND_ID_LENGTH : Number.isSafeInteger(id);
}

/** The envelope of an event, as JSON. */
export function eventEnvelope<E extends EventName>(event: E, data: Events[E]): string {
  return `{"event":"${event}","data":${JSON.stringify(data)}}`;
}

/** The envelope of a command's reply, as JSON. */
export function replyEnvelope(id: CommandId, data: unknown): string {
  return `{"event":"reply","id":${JSON.stringify(id)},"data":${JSON.stringify(data)}}`;
}

/** The envelope of a failure, as JSON: of a command where there is an id, of the connection where there is none. */
export function errorEnvelope(id: CommandId | undefined, error: WireError): string {
  if (id === undefined) return eventEnvelope('error', error);
  return `{"event":"error","id":${JSON.stringify(id)},"data":${JSON.stringify(error)}}`;
}

/** Joins envelopes into one frame: a lone one as it is, several as an array. */
export function joinEnvelopes(envelopes: readonly string[]): string {
  return envelopes.length === 1 ? envelopes[0]! : `[${envelopes.join(',')}]`;
}
