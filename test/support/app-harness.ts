import 'reflect-metadata';
import { EmbeddedMongo } from '@parley/embedded-mongo';
import type { Abstract, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Connection } from 'mongoose';
import { Logger } from 'nestjs-pino';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { ClientOptions } from 'ws';
import { AppModule } from '../../apps/api/src/app.module';
import { Passwords } from '../../apps/api/src/auth/passwords';
import { SessionsService } from '../../apps/api/src/auth/sessions.service';
import { ParleyConfig } from '../../apps/api/src/config/parley-config';
import { configureApp } from '../../apps/api/src/configure-app';
import type { Connection as ServerConnection } from '../../apps/api/src/realtime/connection';
import { Connections } from '../../apps/api/src/realtime/connections';
import { toMe } from '../../apps/api/src/users/user-record';
import { UsersService } from '../../apps/api/src/users/users.service';
import { ChatPeer } from './chat-peer';
import { type Address, freshPhone, PASSWORD, Person } from './people';
import { Recording } from './recording';

/** Variables of the server's configuration that a spec wants otherwise. */
export type Environment = Readonly<Record<string, string>>;

const DEFAULTS: Environment = {
  PORT: '0',
  HOST: '127.0.0.1',
  JWT_SECRET: 'for tests, nowhere else',
  LOG_LEVEL: 'silent',
  RATE_LIMITS: 'off',
  // Who has hung up stays there, so that nothing is written down while a spec compares what the database holds.
  OFFLINE_AFTER_MS: '600000',
};

interface Store {
  uri: string;
  stop(): Promise<void>;
}

/** One command that the server sent to its database. */
export interface DatabaseCommand {
  name: string;
  collection: string;
  command: Record<string, unknown>;
}

/** A whole server in this process, on a port and a database of its own, and the people who use it. */
export class Parley implements Address {
  /** Who signed up first: the administrator. */
  founder!: Person;
  private running: NestExpressApplication | undefined;
  private port = 0;
  private readonly people: Person[] = [];
  private readonly peers: ChatPeer[] = [];
  private passwordHash: Promise<string> | undefined;

  private constructor(
    private readonly store: Store,
    private readonly environment: Environment,
  ) {}

  /** Starts a server with an empty database and its founder. */
  static async start(environment: Environment = {}): Promise<Parley> {
    const parley = new Parley(await openStore(), { ...DEFAULTS, ...environment });
    await parley.startApp();
    parley.founder = await parley.person('Founder');
    return parley;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get gatewayUrl(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  /** One of the server's own parts. */
  part<T>(token: Type<T> | Abstract<T>): T {
    return this.app.get<T>(token, { strict: false });
  }

  /** The app itself, for its hooks. */
  get app(): NestExpressApplication {
    if (!this.running) throw new Error('The server does not run.');
    return this.running;
  }

  /** The database as the server has it, for looking into it. */
  get database(): NonNullable<Connection['db']> {
    const { db } = this.app.get<Connection>(getConnectionToken());
    if (!db) throw new Error('The database is not connected.');
    return db;
  }

  /** The server's own ends of the connections that somebody has signed in. */
  connectionsOf(person: Person): ServerConnection[] {
    return [...this.part(Connections).of(person.id)];
  }

  /** Records what the server asks of its database from now on, once it has been done. */
  watchesDatabase(): Recording<DatabaseCommand> {
    const client = this.app.get<Connection>(getConnectionToken()).getClient();
    const started = new Map<number, Record<string, unknown>>();
    const done = new Recording<DatabaseCommand>();
    client.on('commandStarted', ({ requestId, command }) => void started.set(requestId, command));
    client.on('commandSucceeded', ({ requestId, commandName }) => {
      const command = started.get(requestId);
      started.delete(requestId);
      if (command) done.add({ name: commandName, collection: String(command[commandName]), command });
    });
    return done;
  }

  /** Somebody new, through the front door. */
  async person(name: string, phone?: string): Promise<Person> {
    const person = await Person.signsUp(this, name, phone);
    this.people.push(person);
    return person;
  }

  /** Several new people. */
  persons(...names: string[]): Promise<Person[]> {
    return Promise.all(names.map((name) => this.person(name)));
  }

  /** Many new people, signed in, fast: past the hashing of passwords, which is slow on purpose. */
  crowd(count: number, name = 'One'): Promise<Person[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.oneOfCrowd(`${name} ${index + 1}`)));
  }

  /** A bare socket that has not signed in. */
  async peer(options: ClientOptions = {}, url = this.gatewayUrl): Promise<ChatPeer> {
    const peer = await ChatPeer.opens(url, options);
    this.peers.push(peer);
    return peer;
  }

  /** Stops the server, as a signal would, and starts it on the same database and port. */
  async restart(): Promise<void> {
    await this.stopApp();
    await this.startApp();
  }

  /** Stops the server; its database stays. */
  async stopApp(): Promise<void> {
    await this.app.close();
    this.running = undefined;
  }

  /** Starts the server that `stopApp` has stopped. */
  async startApp(): Promise<void> {
    const config = ParleyConfig.from({ ...this.environment, ...(this.port > 0 && { PORT: String(this.port) }) });
    const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config, watchable(this.store.uri)), {
      bodyParser: false,
      bufferLogs: true,
      abortOnError: false,
      forceCloseConnections: true,
    });
    app.useLogger(app.get(Logger));
    configureApp(app);
    await app.listen(config.port, config.host);
    this.running = app;
    this.port = (app.getHttpServer().address() as AddressInfo).port;
  }

  /** The end: everybody hangs up, the server stops, the database is gone. */
  async stop(): Promise<void> {
    for (const person of this.people) person.hangsUp();
    for (const peer of this.peers) peer.cuts();
    if (this.running) {
      await this.database.dropDatabase();
      await this.stopApp();
    }
    await this.store.stop();
  }

  private async oneOfCrowd(name: string): Promise<Person> {
    this.passwordHash ??= this.part(Passwords).hash(PASSWORD);
    const passwordHash = await this.passwordHash;
    const user = await this.part(UsersService).create({ name, phone: freshPhone(), passwordHash });
    const { token } = await this.part(SessionsService).open(user.id, 'crowd');
    const person = Person.holds(this, { user: toMe(user), token });
    this.people.push(person);
    return person;
  }
}

/** The MongoDB that MONGO_URI names, with a database of its own in it, or an embedded one in memory. */
async function openStore(): Promise<Store> {
  const uri = process.env['MONGO_URI'];
  if (uri)
    return { uri: inDatabase(uri, `parley_e2e_${randomBytes(6).toString('hex')}`), stop: () => Promise.resolve() };
  const embedded = await EmbeddedMongo.start();
  return { uri: embedded.uri, stop: () => embedded.stop() };
}

/** So that `watchesDatabase` has something to see. */
function watchable(uri: string): string {
  const slashed = /^mongodb(\+srv)?:\/\/[^/?]+$/.test(uri) ? `${uri}/` : uri;
  return `${slashed}${slashed.includes('?') ? '&' : '?'}monitorCommands=true`;
}

function inDatabase(uri: string, name: string): string {
  return uri.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/, `$1/${name}$2`);
}
