import { CLOSE_CODES, LIMITS, type CommandId, type ErrorCode } from '@parley/contract';
import type { RawData } from 'ws';
import { ERROR_TABLE } from '../common/error-table';
import { DomainError } from '../common/domain-error';
import { toWireError } from '../common/to-wire-error';
import type { Connection, Slot } from './connection';
import { errorEnvelope, readFrame, replyEnvelope, type BadFrame, type Command } from './frames';
import { LaterReply } from './later-reply';

/** A command's name and its handler, bound to its connection. */
export interface CommandHandler {
  message: string;
  callback: (data: unknown, event: string) => unknown;
}

/** Allows or refuses (by throwing) one more command of a connection. */
export type CommandLimit = (connection: Connection) => Promise<void>;

/** A command's short way: the reply to come, or nothing where the ordinary handler is to be asked. */
export type DirectHandler = (connection: Connection, data: unknown) => Promise<unknown> | undefined;

/** What all dispatchers share. */
export interface DispatcherOptions {
  limit: CommandLimit | undefined;
  direct: ReadonlyMap<string, DirectHandler>;
}

/** Frames that may wait behind one that is being handled, and replies that may be outstanding: then reading pauses. */
const WAITING_FRAMES = 256;

/** Bad frames in a row that end a connection. */
const BAD_FRAMES_IN_A_ROW = 20;

/** Commands in a row over the limit that end a connection which goes on all the same. */
const REFUSALS = 100;

/** Failures after which there is nothing to do on this connection. */
const ENDING: ReadonlySet<ErrorCode> = new Set(['NOT_SIGNED_IN', 'TOO_MANY_CONNECTIONS', 'REALTIME_UNAVAILABLE']);

/**
 * Reads one connection's frames in their order, by their event. A command is finished before the next one begins,
 * except where its handler gives a LaterReply: then only its place in the order is kept.
 */
export class Dispatcher {
  private waiting: (Command | BadFrame)[] = [];
  private busy = false;
  private outstanding = 0;
  private badFrames = 0;
  private refusals = 0;

  constructor(
    private readonly connection: Connection,
    private readonly options: DispatcherOptions,
    private readonly handlerOf: (event: string) => CommandHandler | undefined,
  ) {}

  /** Takes a frame off the socket. */
  receive(data: RawData, isBinary: boolean): void {
    this.connection.alive = true;
    if (this.connection.closed) return;
    const bytes = data as Buffer;
    if (isBinary) return this.connection.close(CLOSE_CODES.badFrame, 'Frames are text.');
    if (bytes.length > LIMITS.frameBytes) {
      return this.connection.close(CLOSE_CODES.frameTooLarge, `A frame has at most ${LIMITS.frameBytes} bytes.`);
    }
    this.waiting.push(readFrame(bytes.toString()));
    this.pace();
    if (!this.busy) void this.work();
  }

  private refuseFrame({ id, problem }: BadFrame): void {
    this.fail(this.connection.reserve(), id, new DomainError('BAD_FRAME', problem));
    if (++this.badFrames < BAD_FRAMES_IN_A_ROW) return;
    this.connection.closeAfterFlush(CLOSE_CODES.badFrame, 'Too many bad frames.');
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0 && !this.connection.closed) {
      const frames = this.waiting;
      this.waiting = [];
      for (const frame of frames) {
        if (this.connection.closed) break;
        if ('problem' in frame) this.refuseFrame(frame);
        else if (this.options.limit || !this.takesShortWay(frame)) await this.carryOut(frame);
      }
      this.pace();
    }
    this.busy = false;
  }

  private async carryOut(command: Command): Promise<void> {
    const { limit } = this.options;
    const place = this.connection.reserve();
    this.badFrames = 0;
    try {
      if (limit) await limit(this.connection);
      this.refusals = 0;
      if (limit && this.takesShortWay(command)) return;
      const result = await this.ordinaryHandler(command.event)(command.data, command.event);
      if (result instanceof LaterReply) this.answerLater(command.id, result.reply);
      else this.answer(place, command.id, result);
    } catch (error) {
      this.fail(place, command.id, error);
    } finally {
      place.fill([]);
    }
  }

  /** Nothing is waited for here: nothing can be told in between, and no place has to be kept. */
  private takesShortWay({ event, id, data }: Command): boolean {
    this.badFrames = 0;
    try {
      const reply = this.options.direct.get(event)?.(this.connection, data);
      if (reply) this.answerLater(id, reply);
      return reply !== undefined;
    } catch (error) {
      this.fail(this.connection.reserve(), id, error);
      return true;
    }
  }

  private ordinaryHandler(event: string): CommandHandler['callback'] {
    const found = this.handlerOf(event);
    if (!found) throw new DomainError('UNKNOWN_EVENT', ERROR_TABLE.UNKNOWN_EVENT.sentence);
    return found.callback;
  }

  private answerLater(id: CommandId | undefined, reply: Promise<unknown>): void {
    this.outstanding++;
    reply.then(
      (data) => {
        if (id !== undefined) this.connection.enqueue(replyEnvelope(id, data));
        this.oneLessOutstanding();
      },
      (error: unknown) => {
        this.fail(this.connection.reserve(), id, error);
        this.oneLessOutstanding();
      },
    );
  }

  private oneLessOutstanding(): void {
    this.outstanding--;
    this.pace();
  }

  private answer(place: Slot, id: CommandId | undefined, data: unknown): void {
    place.fill(id === undefined ? [] : [replyEnvelope(id, data)]);
  }

  private fail(place: Slot, id: CommandId | undefined, error: unknown): void {
    const wire = toWireError(error);
    if (!ENDING.has(wire.code)) place.fill([errorEnvelope(id, wire)]);
    else {
      place.fillLast([errorEnvelope(id, wire)]);
      this.connection.closeAfterFlush(ERROR_TABLE[wire.code].close!, wire.message);
    }
    if (wire.code === 'RATE_LIMITED') this.refusals++;
    if (this.refusals >= REFUSALS) this.connection.closeAfterFlush(CLOSE_CODES.tooSlowOrFast, 'Too fast.');
  }

  /** Stops reading from a client that asks faster than it is answered, and goes on when it has been. */
  private pace(): void {
    const socket = this.connection.socket;
    const full = this.waiting.length >= WAITING_FRAMES || this.outstanding >= WAITING_FRAMES;
    if (full === socket.isPaused || this.connection.closed) return;
    if (full) socket.pause();
    else socket.resume();
  }
}
