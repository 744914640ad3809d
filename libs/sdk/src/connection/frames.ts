import { isWireError } from '../errors';
import type { CommandName, Commands, CommandId, EventEnvelope, WireError } from '@parley/contract';

/** One thing that the server said, as far as it was understood; `fault` says what was not. */
export type Heard =
  | { kind: 'reply'; id: CommandId; data: unknown }
  | { kind: 'refusal'; id: CommandId; error: WireError }
  | { kind: 'event'; envelope: EventEnvelope }
  | { kind: 'fault'; message: string };

/** A command as a frame. */
export function encode<C extends CommandName>(event: C, id: CommandId, data: Commands[C]['data']): string {
  return JSON.stringify({ event, id, data });
}

/** What a frame says, in its order. Never throws: what is not Parley's becomes a fault. */
export function decode(frame: unknown): Heard[] {
  const parsed = parse(frame);
  if (parsed === undefined) return [{ kind: 'fault', message: 'A frame is not JSON text.' }];
  return Array.isArray(parsed) ? parsed.map(understand) : [understand(parsed)];
}

function parse(frame: unknown): unknown {
  if (typeof frame !== 'string') return undefined;
  try {
    return JSON.parse(frame) as unknown;
  } catch {
    return undefined;
  }
}

function understand(value: unknown): Heard {
  if (!isEnvelope(value)) return { kind: 'fault', message: 'An envelope has no event.' };
  const { event, id, data } = value;
  if (event === 'reply') return reply(id, data);
  if (event === 'error') return refusal(id, data);
  return isObject(data)
    ? { kind: 'event', envelope: value as EventEnvelope }
    : { kind: 'fault', message: 'An event has no data.' };
}

function reply(id: unknown, data: unknown): Heard {
  return isCommandId(id) ? { kind: 'reply', id, data } : { kind: 'fault', message: 'A reply has no id.' };
}

function refusal(id: unknown, data: unknown): Heard {
  if (!isWireError(data)) return { kind: 'fault', message: 'An error has no code or no message.' };
  return isCommandId(id) ? { kind: 'refusal', id, error: data } : { kind: 'event', envelope: { event: 'error', data } };
}

function isEnvelope(value: unknown): value is { event: string; id?: unknown; data?: unknown } {
  return isObject(value) && 'event' in value && typeof value.event === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isCommandId(id: unknown): id is CommandId {
  return typeof id === 'string' || typeof id === 'number';
}
