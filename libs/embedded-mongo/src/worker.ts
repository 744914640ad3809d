import { parentPort, workerData } from 'node:worker_threads';
import { MongoServer, type EmbeddedMongoOptions } from './server';
import { packFailure } from './worker-failure';

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
    port.postMessage({ failure: packFailure(error) });
    port.close();
  }
}

void run();
