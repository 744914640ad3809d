import { Socket } from 'node:net';
import { EmbeddedMongo } from '@parley/embedded-mongo';
import { mongo } from 'mongoose';
import { mendDriver } from './mended-driver';

describe('mendDriver', () => {
  let database: EmbeddedMongo;
  let client: mongo.MongoClient;

  beforeAll(async () => {
    mendDriver();
    database = await EmbeddedMongo.start({ listen: { port: 0 } });
    client = await new mongo.MongoClient(database.uri).connect();
  });
  afterAll(async () => {
    await client.close();
    await database.stop();
  });

  /** As when the line breaks: all of them in one moment. */
  function destroySockets(): void {
    const port = Number(/:(\d+)\//.exec(database.uri)?.[1]);
    const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
    for (const each of handles) if (each instanceof Socket && each.remotePort === port) each.destroy();
  }

  it('S2 has what is written to a socket that has just been destroyed fail, instead of hang for ever', async () => {
    await client.db('a').command({ ping: 1 });
    destroySockets();
    await expect(client.db('a').command({ ping: 1 })).rejects.toBeInstanceOf(mongo.MongoNetworkError);
    expect(await client.db('a').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
