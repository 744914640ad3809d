import type { Server } from 'node:http';
import type { INestApplication, WsMessageHandler } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { ParleyConfig } from '../config/parley-config';
import type { Connection } from './connection';
import { Dispatcher, type DispatcherOptions, type CommandHandler } from './dispatcher';
import { SessionGate } from './session-gate';
import { SocketServer } from './socket-server';

/** Has Nest bind a gateway to a connection; what it binds arrives at `bindMessageHandlers`. */
type Bind = (connection: Connection) => void;

/**
 * Nest's door to the sockets. The stock WsAdapter handles a socket's frames side by side, is silent about malformed and
 * unknown ones, and builds an rxjs pipeline for each message: this one gives each connection a Dispatcher instead.
 * Gateways get a `Connection` where they would get a WebSocket.
 *
 * Nest makes a function for each command of each connection. Kept, they would be a fifth of what an idle connection
 * costs; so they are made anew for each command that needs them. A gateway here can have no `handleConnection`: it would
 * be called as often.
 */
export class SocketAdapter extends WsAdapter {
  private readonly gateways: Bind[] = [];
  private readonly followed = new WeakSet<Connection>();
  private bound: CommandHandler[] = [];

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

  override bindClientConnect(server: SocketServer, bind: Bind): void {
    this.gateways.push(bind);
    server.on('connection', (connection) => this.welcome(connection));
  }

  override bindMessageHandlers(_connection: Connection, handlers: WsMessageHandler[]): void {
    this.bound.push(...(handlers as CommandHandler[]));
  }

  override bindClientDisconnect(connection: Connection, callback: () => void): void {
    if (!this.followed.has(connection)) connection.socket.once('close', callback);
  }

  override close(server: SocketServer): Promise<void> {
    return server.close();
  }

  private welcome(connection: Connection): void {
    connection.expectSignIn(this.config.authenticateWithinMs);
    this.bind(connection);
    this.followed.add(connection);
    const dispatcher = new Dispatcher(connection, this.options, (event) => this.handlerOf(connection, event));
    connection.socket.on('message', (data, isBinary) => dispatcher.receive(data, isBinary));
  }

  private handlerOf(connection: Connection, event: string): CommandHandler | undefined {
    return this.bind(connection).find(({ message }) => message === event);
  }

  private bind(connection: Connection): CommandHandler[] {
    this.bound = [];
    for (const bind of this.gateways) bind(connection);
    return this.bound;
  }
}
