import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, MongoServerError, type Collection } from 'mongodb';
import mongoose from 'mongoose';
import { DirectoryInUse, EmbeddedMongo } from './index';
import { frameOf } from './testing/engine-harness';

let server: EmbeddedMongo;
let client: MongoClient;
let counters: Collection<{ _id: string; n: number }>;
beforeAll(async () => {
  server = await EmbeddedMongo.start();
  client = await MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 3000 });
  counters = client.db().collection('counters');
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

/** A bare connection to a server on a TCP port. */
function dial(uri: string): Promise<Socket> {
  const port = Number(/:(\d+)\//.exec(uri)![1]);
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(socket));
  });
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((done) =>
    socket
      .resume()
      .on('error', () => undefined)
      .once('close', () => done()),
  );

describe('with the driver', () => {
  it('writes in bulk', async () => {
    const bulk = client.db().collection<{ _id: number; n?: number }>('bulk');
    const result = await bulk.bulkWrite([
      { insertOne: { document: { _id: 1 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { n: 1 } } } },
      { replaceOne: { filter: { _id: 2 }, replacement: { n: 5 }, upsert: true } },
      { deleteOne: { filter: { _id: 1 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
    expect(await bulk.find().toArray()).toEqual([{ _id: 2, n: 5 }]);
  });

  it('reads cursors of many batches', async () => {
    const many = client.db().collection<{ _id: number }>('many');
    await many.insertMany(Array.from({ length: 2500 }, (_, _id) => ({ _id })));
    let seen = 0;
    for await (const row of many.find().sort({ _id: 1 }).batchSize(100)) expect(row._id).toBe(seen++);
    expect(seen).toBe(2500);
    expect(await many.estimatedDocumentCount()).toBe(2500);
  });

  it('counts right with 50 transactions on one document at once', async () => {
    await counters.insertOne({ _id: 'a', n: 0 });
    const bump = (): Promise<void> =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          const before = await counters.findOne({ _id: 'a' }, { session });
          await counters.updateOne({ _id: 'a' }, { $set: { n: before!.n + 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 50 }, bump));
    expect(await counters.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 50 });
  }, 30_000);

  it('loses no $inc of 200 at once', async () => {
    await Promise.all(
      Array.from({ length: 200 }, () => counters.updateOne({ _id: 'b' }, { $inc: { n: 1 } }, { upsert: true })),
    );
    expect(await counters.findOne({ _id: 'b' })).toEqual({ _id: 'b', n: 200 });
  });
});

describe('with mongoose', () => {
  it('runs models, indexes and transactions', async () => {
    const connection = await mongoose.createConnection(server.uri, { dbName: 'models' }).asPromise();
    const schema = new mongoose.Schema(
      { name: { type: String, unique: true }, pair: String, at: { type: Date, expires: 60 } },
      { timestamps: true },
    );
    schema.index({ pair: 1 }, { unique: true, partialFilterExpression: { pair: { $type: 'string' } } });
    const Person = connection.model('Person', schema);
    await Person.init();
    await Person.create({ name: 'Ada', pair: 'x' });
    await expect(Person.create({ name: 'Bob', pair: 'x' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { pair: 1 },
      keyValue: { pair: 'x' },
    });
    const duplicate = Person.insertMany([{ name: 'Cay' }, { name: 'Ada' }, { name: 'Dan' }], { ordered: true });
    await expect(duplicate).rejects.toMatchObject({
      code: 11000,
      writeErrors: [expect.objectContaining({ index: 1 })],
    });
    await expect(
      connection.transaction(async (session) => {
        await Person.create([{ name: 'Eve' }], { session });
        expect(await Person.countDocuments({ name: 'Eve' })).toBe(0);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await connection.transaction((session) =>
      Person.updateOne({ name: 'Ada' }, { $set: { name: 'Ada L.' } }, { session }),
    );
    expect((await Person.find().sort({ name: 1 }).lean()).map((person) => person.name)).toEqual(['Ada L.', 'Cay']);
    expect(await Person.syncIndexes()).toEqual([]);
    await connection.close();
  });
});

describe('a server', () => {
  it('keeps its socket in the data directory, for the owner alone, and lets go of both', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'embedded-'));
    const kept = await EmbeddedMongo.start({ directory });
    expect(statSync(join(directory, 'mongo.sock')).mode & 0o777).toBe(0o600);
    await expect(EmbeddedMongo.start({ directory })).rejects.toThrow(DirectoryInUse);
    await kept.stop();
    await kept.stop();
    expect(existsSync(join(directory, 'mongo.sock'))).toBe(false);
    rmSync(directory, { recursive: true });
  });

  it('finds another place for its socket where the path is too long', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'embedded-'));
    const long = await EmbeddedMongo.start({ directory: join(parent, 'x'.repeat(120)) });
    const other = await MongoClient.connect(long.uri);
    expect(await other.db('a').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await other.close();
    await long.stop();
    rmSync(parent, { recursive: true });
  });

  it('answers what came in before it stopped', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'embedded-'));
    const first = await EmbeddedMongo.start({ directory });
    const writer = await MongoClient.connect(first.uri, { retryWrites: false });
    const written = Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => writer.db('a').collection('c').insertOne({ n })),
    );
    await first.stop();
    const acknowledged = (await written).filter((result) => result.status === 'fulfilled').length;
    await writer.close();
    const second = await EmbeddedMongo.start({ directory });
    const reader = await MongoClient.connect(second.uri);
    expect(await reader.db('a').collection('c').countDocuments()).toBeGreaterThanOrEqual(acknowledged);
    await reader.close();
    await second.stop();
    rmSync(directory, { recursive: true });
  });

  it('closes a connection that sends nonsense, and no other', async () => {
    const tcp = await EmbeddedMongo.start({ listen: { port: 0 } });
    const other = await MongoClient.connect(tcp.uri);
    for (const nonsense of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(16), Buffer.alloc(64, 0xff)]) {
      const socket = await dial(tcp.uri);
      socket.write(nonsense);
      await closed(socket);
    }
    const socket = await dial(tcp.uri);
    const frame = frameOf({ ping: 1 });
    frame[21 + 4] = 0x99;
    socket.write(frame);
    const reply = await new Promise<Buffer>((done) => socket.once('data', done));
    expect(reply.includes('InvalidBSON')).toBe(true);
    socket.destroy();
    expect(await other.db('a').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await other.close();
    await tcp.stop();
  });

  it('names what it does not know', async () => {
    await expect(client.db().command({ mapReduce: 'c' })).rejects.toMatchObject({
      constructor: MongoServerError,
      code: 59,
    });
  });
});
