const BATCH = 1_000;
/** Every value stays of the type that it has in the database. */
const AS_STORED = { promoteValues: false, promoteBuffers: false, promoteLongs: false, bsonRegExp: true };

/**
 * Copies a database into another that has no collections yet: documents in their order, then indexes, then what was copied
 * is counted. Tells how it goes by `say`.
 */
export async function copyDatabase(from, to, say) {
  const there = await collectionsOf(to);
  if (there.length > 0) throw new Error(`"${to.databaseName}" is not empty there: it has ${there.join(', ')}.`);
  for (const name of await collectionsOf(from)) await copyCollection(from.collection(name), to, say);
}

async function collectionsOf(database) {
  const all = await database.listCollections().toArray();
  return all.filter(({ name, type }) => type === 'collection' && !name.startsWith('system.')).map(({ name }) => name);
}

async function copyCollection(source, to, say) {
  const name = source.collectionName;
  const target = await to.createCollection(name);
  const total = await source.estimatedDocumentCount();
  let copied = 0;
  for await (const documents of batches(source.find({}, { ...AS_STORED, batchSize: BATCH }))) {
    await target.insertMany(documents, { writeConcern: { w: 'majority', journal: true }, ignoreUndefined: false });
    copied += documents.length;
    say(`${name}: ${copied} of ${total}`);
  }
  await copyIndexes(source, target);
  const arrived = await target.countDocuments();
  if (arrived !== copied) throw new Error(`${name}: ${copied} documents were sent, and ${arrived} are there.`);
  say(`${name}: ${arrived} documents, done`);
}

async function copyIndexes(source, target) {
  const indexes = (await source.listIndexes().toArray()).filter(({ name }) => name !== '_id_');
  for (const index of indexes) for (const ofTheSource of ['v', 'ns']) delete index[ofTheSource];
  if (indexes.length > 0) await target.createIndexes(indexes);
}

async function* batches(cursor) {
  let batch = [];
  for await (const document of cursor) {
    batch.push(document);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
