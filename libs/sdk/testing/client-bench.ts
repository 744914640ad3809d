import type { ClientFrame, EventName, Events, MyRoom, Welcome } from '@parley/contract';
import { filter, firstValueFrom, type Observable } from 'rxjs';
import { ChatClient, type ChatClientOptions } from '../src/chat-client';
import type { ConnectionState } from '../src/connection/line';
import type { Fault } from '../src/fault';
import { nodeSocket } from '../src/node';
import type { RoomState } from '../src/room-state';
import { ManualClock } from './manual-clock';
import { welcome } from './samples';
import { type Peer, ScriptedServer } from './scripted-server';

interface Greeted {
  peer: Peer;
  hello: ClientFrame;
}

/** A client, a server that does what a test says, and a clock that stands still until it is told to go on. */
export class ClientBench {
  server!: ScriptedServer;
  clock!: ManualClock;
  client!: ChatClient;
  faults: Fault[] = [];

  /** The client of the test, where it is to be another one than the usual. */
  readonly makeClient = (options: ChatClientOptions = {}): ChatClient => {
    this.client = new ChatClient({ clock: this.clock, random: () => 0, socket: nodeSocket(), ...options });
    this.client.faults$.subscribe((fault) => this.faults.push(fault));
    return this.client;
  };

  /** Answers the next connection's `authenticate`. */
  readonly greet = async (rooms: MyRoom[] = [], more: Partial<Welcome> = {}): Promise<Greeted> => {
    const peer = await this.server.accept();
    const hello = await peer.command('authenticate');
    peer.reply(hello, welcome(rooms, more));
    return { peer, hello };
  };

  readonly connected = async (rooms: MyRoom[] = []): Promise<Peer> => {
    const online = this.client.connect(this.server.url, () => 'token');
    const { peer } = await this.greet(rooms);
    await online;
    return peer;
  };

  readonly status = <S extends ConnectionState['status']>(
    wanted: S,
  ): Promise<Extract<ConnectionState, { status: S }>> =>
    first(this.client.state$, (state) => state.status === wanted) as Promise<Extract<ConnectionState, { status: S }>>;

  readonly next = <E extends EventName>(event: E): Promise<Events[E]> => firstValueFrom(this.client.on(event));

  readonly room = (fits: (state: RoomState) => boolean, id = 'r1'): Promise<RoomState | undefined> =>
    first(this.client.room$(id), (state) => state !== undefined && fits(state));

  /** Lets the line come back after it has dropped. */
  readonly reconnected = async (rooms: MyRoom[]): Promise<Greeted> => {
    await this.status('offline');
    this.clock.advance(60_000);
    const greeted = await this.greet(rooms);
    await this.status('online');
    return greeted;
  };

  async setUp(): Promise<void> {
    this.server = await ScriptedServer.start();
    this.clock = new ManualClock();
    this.faults = [];
    this.makeClient();
  }

  async tearDown(): Promise<void> {
    this.client.close();
    await this.server.stop();
  }
}

/** Gives each test of a file a client and a server of its own. */
export function useClientBench(): ClientBench {
  const bench = new ClientBench();
  beforeEach(() => bench.setUp());
  afterEach(() => bench.tearDown());
  return bench;
}

export function first<T>(source: Observable<T>, fits: (value: T) => boolean): Promise<T> {
  return firstValueFrom(source.pipe(filter(fits)));
}

/** Lets everything that is already settled be noticed. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** What the client asks for by its next command. */
export async function syncAsked(peer: Peer): Promise<[Record<string, number>, ClientFrame]> {
  const frame = await peer.command('sync');
  return [frame.data.seen, frame];
}
