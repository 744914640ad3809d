import { parentPort, workerData } from 'node:worker_threads';
import type { PackedFailure } from './embedded-mongo';
import { MongoServer, type EmbeddedMongoOptions } from './server';

/** The thread's side: starts a server, says where it listens, stops it when told. */
async function run(): Promise<void> {
  const port = parentPort!;
  try {
    const server = await MongoServer.start(workerData as EmbeddedMongoOptions);
    port.postMessage({ uri: server.uri });
    port.once('message', () => {
      void server.stop().then(() => {
        port.postMessage({ stopped: true });
        port.close();
      });
    });
  } catch (error) {
    const { name, message, directory, reason } = error as PackedFailure;
    port.postMessage({ failure: { name, message, directory, reason } });
    port.close();
  }
}

void run();
