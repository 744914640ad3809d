import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Parley } from '../support/app-harness';
import { within } from '../support/deadline';

/** The server's own ends of the connections that are opened from now on. */
export class ServerSockets {
  readonly all: Socket[] = [];

  constructor(parley: Parley) {
    const server: Server = parley.app.getHttpServer();
    server.on('connection', (socket) => this.all.push(socket));
  }

  /** Resolves when the server has let go of every one of them. */
  async areGone(): Promise<void> {
    const gone = this.all.map(
      (socket) => new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve()))),
    );
    await within(`the end of ${gone.length} connections`, Promise.all(gone));
  }
}
