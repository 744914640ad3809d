import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DirectoryInUse, DirectoryUnusable } from './failure';
import { MongoServer, type EmbeddedMongoOptions } from './server';

/** An error on its way between threads, where classes get lost. */
export interface PackedFailure {
  name: string;
  message: string;
  directory?: string;
  reason?: string;
}

type Message = { uri: string } | { stopped: true } | { failure: PackedFailure };

const WORKER = join(__dirname, 'worker.js');
/** What lives for the time of a command needs no more; V8 would take 48 MB and keep them. */
const YOUNG_MB = 24;

function unpacked({ name, message, directory = '', reason = '' }: PackedFailure): Error {
  if (name === 'DirectoryInUse') return new DirectoryInUse(directory);
  return name === 'DirectoryUnusable' ? new DirectoryUnusable(directory, reason) : new Error(message);
}

/** A database that died is not to be lived without: the error becomes the process's own. */
function crash(error: Error): never {
  throw new Error(`the embedded database's thread died: ${error.message}`, { cause: error });
}

/** A MongoDB of one's own: speaks the wire protocol, keeps its data in SQLite, runs in a worker thread. */
export class EmbeddedMongo {
  private stopping: Promise<void> | undefined;

  private constructor(
    /** The connection string; any MongoDB driver takes it as it is. Name the database in the driver's options. */
    readonly uri: string,
    private readonly end: () => Promise<void>,
  ) {}

  /**
   * Starts a server and answers when it takes connections. Rejects with `DirectoryInUse` or `DirectoryUnusable`.
   * Run from TypeScript sources (tests do) there is no compiled worker; it then runs in the calling thread.
   */
  static async start(options: EmbeddedMongoOptions = {}): Promise<EmbeddedMongo> {
    if (existsSync(WORKER)) return EmbeddedMongo.startWorker(options);
    const server = await MongoServer.start(options);
    return new EmbeddedMongo(server.uri, () => server.stop());
  }

  /** Finishes what came in, closes the database and the thread. May be called more than once. */
  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private static startWorker(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    const worker = new Worker(WORKER, { workerData: options, name: 'embedded-mongo', resourceLimits });
    const exited = new Promise<void>((done) => worker.once('exit', () => done()));
    const end = (): Promise<void> => {
      worker.postMessage('stop');
      return exited;
    };
    return new Promise((started, failed) => {
      worker.once('error', failed);
      worker.once('message', (message: Message) => {
        if ('uri' in message) {
          worker.off('error', failed).on('error', crash);
          started(new EmbeddedMongo(message.uri, end));
        } else if ('failure' in message) failed(unpacked(message.failure));
      });
    });
  }
}
