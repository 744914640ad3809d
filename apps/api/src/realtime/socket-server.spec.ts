import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import WebSocket from 'ws';
import { ParleyConfig } from '../config/parley-config';
import type { Connection } from './connection';
import type { SessionGate } from './session-gate';
import { SocketServer } from './socket-server';

const MANY = 20;
const CUT_AFTER_MS = 5_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SocketServer, with many who do not read', () => {
  let http: Server;
  let server: SocketServer;
  let clients: WebSocket[];
  let connections: Connection[];

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(async () => {
    http = createServer();
    server = new SocketServer(http, ParleyConfig.from({ QUEUE_BYTES: '65536' }), { open: true } as SessionGate);
    connections = [];
    server.on('connection', (connection) => connections.push(connection));
    await once(http.listen(0, '127.0.0.1'), 'listening');
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
    clients = Array.from({ length: MANY }, () => new WebSocket(url));
    await Promise.all(clients.map((client) => once(client, 'open')));
    for (const client of clients) client.pause();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
  });

  afterEach(async () => {
    jest.useRealTimers();
    for (const client of clients) client.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  /** Tells everybody so much at once that all are found to be too slow in the same turn. */
  function overwhelm(): void {
    const room = 'x'.repeat(60_000);
    for (let count = 0; count < 200; count++) {
      for (const connection of connections) connection.tell('roomRemoved', { room, reason: 'left' });
    }
  }

  /** How many calls come in each turn until there have been as many as there are connections. */
  async function callsInTurns(spies: readonly jest.SpyInstance[]): Promise<number[]> {
    const calls = (): number => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    const perTurn: number[] = [];
    for (let before = calls(); before < MANY; before = calls()) {
      await turn();
      perTurn.push(calls() - before);
    }
    return perTurn;
  }

  const spiesOn = (method: 'close' | 'terminate') => connections.map(({ socket }) => jest.spyOn(socket, method));
  const allGone = () => Promise.all(connections.map(({ socket }) => once(socket, 'close')));

  it('closes them one a turn, and cuts them one a turn when they do not answer', async () => {
    const [closes, cuts, gone] = [spiesOn('close'), spiesOn('terminate'), allGone()];
    overwhelm();
    expect(connections.filter(({ closed }) => !closed)).toEqual([]);
    expect(connections.reduce((sum, { queuedBytes }) => sum + queuedBytes, 0)).toBe(0);
    expect(Math.max(...(await callsInTurns(closes)))).toBe(1);
    jest.advanceTimersByTime(CUT_AFTER_MS);
    expect(Math.max(...(await callsInTurns(cuts)))).toBe(1);
    await gone;
  });

  it('has cut them all when it is closed', async () => {
    const [closes, cuts] = [spiesOn('close'), spiesOn('terminate')];
    overwhelm();
    const closed = server.close();
    await callsInTurns(closes);
    jest.advanceTimersByTime(CUT_AFTER_MS);
    expect(Math.max(...(await callsInTurns(cuts)))).toBe(1);
    await closed;
  });

  it('cuts those one a turn who say nothing from one heartbeat to the next', async () => {
    const [cuts, gone] = [spiesOn('terminate'), allGone()];
    for (const connection of connections) connection.alive = false;
    (Reflect.get(server, 'beat') as () => void).call(server);
    expect(Math.max(...(await callsInTurns(cuts)))).toBe(1);
    await gone;
  });
});
