import {
  BSONRegExp,
  doc,
  isDoc,
  isNumeric,
  ObjectId,
  Timestamp,
  typeName,
  typeOf,
  TYPES,
  wholeNumber,
  type Doc,
  type Value,
} from '../../bson/values';
import { show } from '../../bson/show';
import type { Peer } from './socket-peer';

/** What both servers are asked, each of the commands on the collection `c` with these documents and indexes in it. */
export interface Case {
  name: string;
  documents: readonly Doc[];
  indexes?: readonly Doc[];
  commands: readonly Doc[];
  /** Indexes that must not change an answer of the library: it is asked once more with each. */
  variants?: readonly Doc[];
  /** The order of what comes back is not promised. */
  unordered?: boolean;
}

/** One question and its answer, as text that can be compared. */
export interface Answer {
  question: string;
  reply: string;
}

const READS: readonly string[] = ['find', 'aggregate', 'count', 'distinct'];

/** The replies to a case's commands; where one may write, with what is stored after it. */
export async function answers(peer: Peer, test: Omit<Case, 'variants'>, db: string): Promise<Answer[]> {
  const send = (command: Doc): Promise<Doc> => peer.run(new Map([...command, ['$db', db]]));
  const fill = async (): Promise<void> => {
    await send(doc({ delete: 'c', deletes: [{ q: {}, limit: 0 }] }));
    if (test.documents.length > 0) await send(doc({ insert: 'c', documents: test.documents }));
  };
  await send(doc({ drop: 'c' }));
  await send(doc({ create: 'c' }));
  if (test.indexes?.length) await send(doc({ createIndexes: 'c', indexes: test.indexes }));
  await fill();
  const result: Answer[] = [];
  for (const command of test.commands) {
    let reply = readable(await send(command), test.unordered);
    if (!READS.includes(command.keys().next().value!)) {
      reply += `\nstored:\n${readable(await send(doc({ find: 'c', batchSize: 1000 })), false)}`;
      await fill();
    }
    result.push({ question: written(command), reply });
  }
  return result;
}

/** The replies to commands one after the other, on documents that the ones before left, and at last what is stored. */
export async function story(peer: Peer, commands: readonly Doc[], db: string): Promise<Answer[]> {
  const send = (command: Doc): Promise<Doc> => peer.run(new Map([...command, ['$db', db]]));
  await send(doc({ delete: 'c', deletes: [{ q: {}, limit: 0 }] }));
  const result: Answer[] = [];
  for (const command of [...commands, doc({ find: 'c', batchSize: 1000 })])
    result.push({ question: written(command), reply: readable(await send(command), command.has('distinct')) });
  return result;
}

const OF_THE_SERVER = [
  'operationTime',
  '$clusterTime',
  'electionId',
  'opTime',
  'errmsg',
  'ns',
  'codeName',
  'note',
  'createdCollectionAutomatically',
];
/** MongoDB 4.0 does not name the key of a duplicate. */
const NEWER = ['keyPattern', 'keyValue'];
const COUNTS = ['ok', 'n', 'nModified', 'index', 'code'];

/** A reply without what differs from server to server (times, texts, ids that were made up), an item a line. */
function readable(reply: Doc, unordered = false): string {
  const cursor = reply.get('cursor');
  const list = isDoc(cursor) ? cursor.get('firstBatch') : (reply.get('values') ?? reply.get('writeErrors'));
  if (!Array.isArray(list)) return written(cleaned(reply));
  const lines = list.map((item) => written(cleaned(item)));
  const { cursor: _, values: __, writeErrors: ___, ...rest } = Object.fromEntries(reply) as Record<string, Value>;
  return [...(unordered ? lines.sort() : lines), written(cleaned(doc(rest)))].join('\n');
}

function cleaned(value: Value): Value {
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isDoc(value)) return value;
  const kept = [...value].filter(([name]) => !OF_THE_SERVER.includes(name) && !NEWER.includes(name));
  return new Map(
    kept.map(([name, item]) => [
      name,
      COUNTS.includes(name) && isNumeric(item) ? (wholeNumber(item) ?? item) : cleaned(item),
    ]),
  );
}

/** A value with its type where that does not show: an int32 is not a double. */
export function written(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (isDoc(value)) return `{${[...value].map(([name, item]) => `${name}: ${written(item)}`).join(', ')}}`;
  if (value instanceof ObjectId) return isNow(value.getTimestamp()) ? 'ObjectId(made)' : show(value);
  if (value instanceof Date) return isNow(value) ? 'Date(now)' : show(value);
  if (value instanceof Timestamp)
    return isNow(new Date(value.t * 1000)) ? 'Timestamp(now)' : `Timestamp(${value.t}, ${value.i})`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value === null || value === undefined) return typeName(value);
  if (typeof value === 'string' || typeof value === 'boolean' || typeOf(value) === TYPES.int)
    return JSON.stringify(value);
  return `${typeName(value)}(${Object.is(value, -0) ? '-0' : show(value)})`;
}

const isNow = (date: Date): boolean => Math.abs(date.getTime() - Date.now()) < 3_600_000;
