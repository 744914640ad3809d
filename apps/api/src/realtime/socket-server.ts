import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { CLOSE_CODES, LIMITS } from '@parley/contract';
import { Logger } from '@nestjs/common';
import { WebSocket, WebSocketServer } from 'ws';
import { addressKey } from '../common/address-key';
import { metrics } from '../common/metrics';
import type { ParleyConfig } from '../config/parley-config';
import { Connection } from './connection';
import type { SessionGate } from './session-gate';
import { clientAddress, refuseUpgrade, type Refusal } from './upgrade-policy';

/**
 * ws cuts a frame of more than this with its own 1009 before it is read; up to it the frame is read and refused with
 * 4413, which says more.
 */
const HARD_FRAME_BYTES = 16 * LIMITS.frameBytes;

/** 5,000 connections are told within half a second that the server restarts, 20,000 within two. */
const DRAINED_AT_ONCE = 200;
const DRAIN_PAUSE_MS = 20;

/** A socket that knows its connection, so that all sockets can share their listeners. */
class ConnectedSocket extends WebSocket {
  connection!: Connection;
}

/** ws types its listeners for the plain class, whichever it was told to make. */
type Listener<A extends unknown[]> = (this: WebSocket, ...args: A) => void;

/** Takes upgrades of the HTTP server, keeps the connections alive and ends them. */
export class SocketServer {
  private readonly logger = new Logger('Gateway');
  private readonly wss = new WebSocketServer({
    WebSocket: ConnectedSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: HARD_FRAME_BYTES,
  });
  private readonly connections = new Set<Connection>();
  private readonly perAddress = new Map<string, number>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly onError: Listener<[Error]>;
  private readonly onClose: Listener<[number]>;
  private onConnection: (connection: Connection) => void = () => undefined;
  private stopping = false;

  constructor(
    private readonly http: Server,
    private readonly config: ParleyConfig,
    private readonly gate: SessionGate,
  ) {
    const { logger } = this;
    const forget = this.forget.bind(this);
    this.onError = ({ message }) => logger.debug(`socket error: ${message}`);
    this.onClose = function (code) {
      forget(connectionOf(this), code);
    };
    http.on('upgrade', this.upgrade);
    this.heartbeat = setInterval(() => this.beat(), config.heartbeatMs);
    this.heartbeat.unref();
  }

  /** Nest's way to name the 'connection' event: the listener gets each new connection. */
  on(event: string, listener: (connection: Connection) => void): void {
    if (event === 'connection') this.onConnection = listener;
  }

  /** Takes no more upgrades, asks every client to come back later, and waits until all are gone. */
  async close(): Promise<void> {
    this.stopping = true;
    clearInterval(this.heartbeat);
    this.http.off('upgrade', this.upgrade);
    const gone = [...this.connections].map(
      (connection) => new Promise<void>((resolve) => connection.socket.once('close', () => resolve())),
    );
    await this.drain();
    await Promise.all(gone);
  }

  /** Some at a time: whoever comes back elsewhere does so as spread as they were sent. */
  private async drain(): Promise<void> {
    let told = 0;
    for (const connection of this.connections) {
      connection.closeAfterFlush(CLOSE_CODES.restart, 'The server restarts.');
      if (++told % DRAINED_AT_ONCE === 0) await pause(DRAIN_PAUSE_MS);
    }
  }

  private readonly upgrade = (request: IncomingMessage, transport: Duplex, head: Buffer): void => {
    transport.on('error', () => transport.destroy());
    const address = addressKey(clientAddress(request, this.config.trustProxy));
    const refusal = this.refuse(request, address);
    if (refusal) return answer(transport, refusal);
    this.wss.handleUpgrade(request, transport, head, (socket) => this.open(socket, transport, address));
  };

  private refuse(request: IncomingMessage, address: string): Refusal | undefined {
    if (this.stopping || !this.gate.open) return { status: 503, message: 'The server is stopping.' };
    const refusal = refuseUpgrade(request, this.config);
    if (refusal) return refusal;
    const count = this.perAddress.get(address) ?? 0;
    if (this.config.rateLimits && count >= this.config.connectionsPerAddress) {
      return { status: 429, message: 'This address has too many connections open.' };
    }
    return undefined;
  }

  private open(socket: ConnectedSocket, transport: Duplex, address: string): void {
    const connection = new Connection(socket, transport, address, this.config);
    socket.connection = connection;
    this.connections.add(connection);
    metrics.connections.inc();
    this.perAddress.set(address, (this.perAddress.get(address) ?? 0) + 1);
    socket.on('ping', onPing).on('pong', onPong).on('error', this.onError).on('close', this.onClose);
    this.logger.debug(`open`);
    this.onConnection(connection);
  }

  private forget(connection: Connection, code: number): void {
    connection.closed = true;
    this.connections.delete(connection);
    metrics.connections.dec();
    const left = (this.perAddress.get(connection.address) ?? 1) - 1;
    if (left > 0) this.perAddress.set(connection.address, left);
    else this.perAddress.delete(connection.address);
    this.logger.debug(`close ${code}`);
  }

  /** Cuts whoever said nothing since the last beat, not even a pong, and pings the others. */
  private beat(): void {
    for (const connection of this.connections) {
      if (!connection.alive) {
        connection.cut();
        continue;
      }
      connection.alive = false;
      if (!connection.closed) connection.ping();
    }
  }
}

function onPing(this: WebSocket, data: Buffer): void {
  connectionOf(this).pong(data);
}

function onPong(this: WebSocket, data: Buffer): void {
  connectionOf(this).heard(data);
}

function connectionOf(socket: WebSocket): Connection {
  return (socket as ConnectedSocket).connection;
}

/** Answers and hangs up: an upgrade's socket is no longer one that the HTTP server sees to. */
function answer(transport: Duplex, refusal: Refusal): void {
  transport.once('finish', () => transport.destroy());
  const body = JSON.stringify({ message: refusal.message });
  transport.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
