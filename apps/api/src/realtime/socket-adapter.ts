import type { Server } from 'node:http';
import type { INestApplication, WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { CLOSE_CODES } from '@parley/contract';
import type { ParleyConfig } from '../config/parley-config';
import type { Connection } from './connection';
import { Dispatcher, type DispatcherOptions, type CommandHandler } from './dispatcher';
import { SessionGate } from './session-gate';
import { SocketServer } from './socket-server';

/**
 * Nest's door to the sockets. The stock WsAdapter handles a socket's frames side by side, is silent about malformed and
 * unknown ones, and builds an rxjs pipeline for each message: this one gives each connection a Dispatcher instead.
 * Gateways get a `Connection` where they would get a WebSocket.
 */
export class SocketAdapter extends WsAdapter {
  private readonly dispatchers = new WeakMap<Connection, Dispatcher>();

  constructor(
    private readonly app: INestApplication,
    private readonly config: ParleyConfig,
    private readonly options: DispatcherOptions,
  ) {
    super(app);
  }

  override create(): SocketServer {
    return new SocketServer(this.app.getHttpServer() as Server, this.config, this.app.get(SessionGate));
  }

  override bindClientConnect(server: SocketServer, callback: (connection: Connection) => void): void {
    server.on('connection', (connection) => {
      this.expectAuthenticate(connection);
      callback(connection);
    });
  }

  override bindMessageHandlers(connection: Connection, handlers: WsMessageHandler[]): void {
    const dispatcher = this.dispatchers.get(connection) ?? this.newDispatcher(connection);
    dispatcher.handle(handlers as CommandHandler[]);
  }

  override bindClientDisconnect(connection: Connection, callback: () => void): void {
    connection.socket.once('close', callback);
  }

  override close(server: SocketServer): Promise<void> {
    return server.close();
  }

  private newDispatcher(connection: Connection): Dispatcher {
    const dispatcher = new Dispatcher(connection, this.options);
    this.dispatchers.set(connection, dispatcher);
    connection.socket.on('message', (data, isBinary) => dispatcher.receive(data, isBinary));
    return dispatcher;
  }

  private expectAuthenticate(connection: Connection): void {
    const timer = setTimeout(() => {
      if (!connection.identity) connection.close(CLOSE_CODES.authenticateTimeout, 'authenticate did not come in time.');
    }, this.config.authenticateWithinMs);
    timer.unref();
  }
}
