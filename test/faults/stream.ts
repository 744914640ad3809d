import type { Posted, PostMessage } from '@parley/contract';
import { within } from '../support/deadline';
import type { ChatPeer } from '../support/chat-peer';

/** One message of a stream, and what came of it. */
export interface Sent {
  data: PostMessage;
  reply?: Posted;
  /** The code of the refusal, where it was refused. */
  refused?: string;
}

let names = 0;

/** Posts to rooms in turn, always with several in flight, until it is told to stop or the socket closes. */
export class Stream {
  readonly sent: Sent[] = [];
  private readonly byClientId = new Map<string, Sent>();
  private stopped = false;
  private onAnswer: () => void = () => undefined;

  constructor(
    private readonly peer: ChatPeer,
    private readonly rooms: readonly string[],
  ) {
    peer.socket.on('message', (frame) => this.take(String(frame)));
  }

  get acknowledged(): Sent[] {
    return this.sent.filter(({ reply }) => reply);
  }

  get unacknowledged(): Sent[] {
    return this.sent.filter(({ reply }) => !reply);
  }

  begins(inFlight: number): void {
    for (let count = 0; count < inFlight; count++) this.post();
  }

  /** Posts nothing new. */
  stops(): void {
    this.stopped = true;
  }

  /** Resolves when so many have been answered. */
  answers(count: number): Promise<void> {
    return this.until(`${count} answers`, () => this.sent.filter(isAnswered).length >= count);
  }

  /** Resolves when all that was sent has been answered. */
  settles(): Promise<void> {
    this.stops();
    return this.until('all answers', () => this.sent.every(isAnswered));
  }

  /** Sends messages once more as they are, on this socket. */
  resends(messages: readonly Sent[]): void {
    for (const { data } of messages) this.send({ data });
  }

  private post(): void {
    const clientId = `${process.pid}-${++names}`;
    this.send({ data: { room: this.rooms[names % this.rooms.length]!, clientId, text: `text ${clientId}` } });
  }

  private send(sent: Sent): void {
    this.sent.push(sent);
    this.byClientId.set(sent.data.clientId, sent);
    this.peer.sends('postMessage', sent.data, sent.data.clientId);
  }

  private take(frame: string): void {
    const content = JSON.parse(frame) as unknown;
    for (const { event, id, data } of [content].flat() as {
      event: string;
      id?: string;
      data: Posted & { code: string };
    }[]) {
      const sent = id === undefined ? undefined : this.byClientId.get(id);
      if (!sent) continue;
      if (event === 'reply') sent.reply = data;
      else sent.refused = data.code;
      this.onAnswer();
      if (!this.stopped) this.post();
    }
  }

  private until(what: string, done: () => boolean): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      this.onAnswer = () => {
        if (done()) resolve();
      };
      this.onAnswer();
    });
    return within(() => `${what}; ${this.sent.length} sent, ${this.acknowledged.length} acknowledged`, reached, 30_000);
  }
}

function isAnswered({ reply, refused }: Sent): boolean {
  return reply !== undefined || refused !== undefined;
}
