import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { mongo } from 'mongoose';

/** What is touched of the driver's own class for a connection. */
interface DriverConnection {
  socket: EventEmitter;
  onClose(): void;
}

let mended = false;

/**
 * The driver (7.8) writes to a socket and waits for its 'drain'. A socket that was destroyed a moment before, as all are
 * when a line breaks, drains never and fails never: the operation hangs for ever, and with it, where it was the one that
 * watches the server, the whole client. From now on a socket that closes tells whoever still waits for it.
 */
export function mendDriver(): void {
  if (mended) return;
  mended = true;
  const driver = createRequire(require.resolve('mongoose'));
  const { Connection } = driver('mongodb/lib/cmap/connection') as { Connection: { prototype: DriverConnection } };
  const { onClose } = Connection.prototype;
  Connection.prototype.onClose = function (this: DriverConnection) {
    const closed = new mongo.MongoNetworkError('the connection was closed before it was written to');
    if (this.socket.listenerCount('error') > 0) this.socket.emit('error', closed);
    onClose.call(this);
  };
}
