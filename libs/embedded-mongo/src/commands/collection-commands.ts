import { Binary, doc, type Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import { matches } from '../query/match';
import { parseFilter } from '../query/parse';
import { backupTo } from '../storage/backup';
import type { Collection } from '../storage/collection';
import { validateCollection } from '../storage/validate';
import type { CommandBody } from './command-body';
import { asking, changing, type Command, type CommandContext } from './command';
import { found } from './index-commands';

const LIST_OPTIONS = ['filter', 'nameOnly', 'authorizedCollections', 'cursor'];

/** The commands about collections and databases. */
export const COLLECTION_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['create', changing([], create)],
  ['drop', changing([], drop)],
  ['dropDatabase', changing([], dropDatabase)],
  ['listCollections', asking(LIST_OPTIONS, listCollections)],
  ['validate', asking(['full'], validate)],
  // Of our own: `{backup: '/absolute/path'}` writes the whole database into a new file on the server's machine.
  ['backup', asking([], (context, body) => backupTo(context.file, body.text('backup')))],
]);

function create(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  if (context.catalog.find(context.db, name))
    throw new CommandFailure(48, `Collection ${context.db}.${name} already exists.`);
  context.catalog.create(context.db, name);
  return doc({ ok: 1 });
}

function drop(context: CommandContext, body: CommandBody): Doc {
  const collection = context.catalog.find(context.db, body.collection);
  if (!collection) return doc({ ok: 1 });
  dropOne(context, collection);
  return doc({ nIndexesWas: collection.indexes.length, ns: collection.namespace, ok: 1 });
}

function dropDatabase(context: CommandContext): Doc {
  for (const collection of context.catalog.list(context.db)) dropOne(context, collection);
  return doc({ dropped: context.db, ok: 1 });
}

function dropOne({ catalog, cursors }: CommandContext, collection: Collection): void {
  cursors.killAll({ namespace: collection.namespace });
  catalog.drop(collection);
}

function listCollections(context: CommandContext, body: CommandBody): Doc {
  const filter = parseFilter(body.document('filter'));
  const entries = context.catalog.list(context.db).map((collection) =>
    doc({
      name: collection.name,
      type: 'collection',
      options: {},
      info: { readOnly: false, uuid: new Binary(collection.uuid, 4) },
      idIndex: collection.idIndex.describe(),
    }),
  );
  const firstBatch = entries.filter((entry) => matches(filter, entry));
  return doc({ cursor: { firstBatch, id: 0n, ns: `${context.db}.$cmd.listCollections` }, ok: 1 });
}

function validate(context: CommandContext, body: CommandBody): Doc {
  const collection = found(context, body.collection);
  const { records, keys, errors } = validateCollection(collection);
  const valid = errors.length === 0;
  return doc({ ns: collection.namespace, nrecords: records, keysPerIndex: keys, valid, errors, ok: 1 });
}
