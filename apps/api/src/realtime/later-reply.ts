/**
 * A handler's way to say: the command has its place in the order, its reply comes when `reply` settles, and the
 * connection's next frame need not wait for that.
 */
export class LaterReply<T> {
  constructor(readonly reply: Promise<T>) {
    // The adapter looks at the promise a few turns later: until then a rejection is not unhandled.
    reply.catch(() => undefined);
  }
}
