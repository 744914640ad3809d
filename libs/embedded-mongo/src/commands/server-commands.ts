import { doc, truthy, type Doc } from '../bson/values';
import { MAX_DOCUMENT } from '../bson/encode';
import { MAX_MESSAGE } from '../wire/frames';
import type { CommandBody } from './command-body';
import { asking, type Command, type CommandContext } from './command';

/** What a MongoDB 7.0 promises on the wire; 8.0 (25) would add the `bulkWrite` command. */
const WIRE_VERSION = 21;

/** The set that it says it is the only node of: drivers use sessions and transactions on a set only. */
export const REPLICA_SET = 'embedded';

/** A driver may say more of itself than is known here: none of it is a request. */
const handshake = asking('any', hello);

/** The commands about the server itself. */
export const SERVER_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['hello', handshake],
  ['ismaster', handshake],
  ['ping', asking([], () => doc({ ok: 1 }))],
  ['buildInfo', asking([], () => doc({ version: '7.0.0', versionArray: [7, 0, 0, 0], ok: 1 }))],
]);

/** No `topologyVersion`: a driver then polls, and needs no answer that is held back. */
function hello(context: CommandContext, body: CommandBody): Doc {
  const { address } = context;
  const legacy = body.name !== 'hello';
  return doc({
    ...(legacy ? { ismaster: true } : { isWritablePrimary: true }),
    ...(truthy(body.get('helloOk')) ? { helloOk: true } : {}),
    secondary: false,
    setName: REPLICA_SET,
    setVersion: 1,
    hosts: [address],
    primary: address,
    me: address,
    maxBsonObjectSize: MAX_DOCUMENT,
    maxMessageSizeBytes: MAX_MESSAGE,
    // Drivers cut what is longer into several commands, and between those others have their turn.
    maxWriteBatchSize: 1_000,
    localTime: new Date(context.now()),
    logicalSessionTimeoutMinutes: 30,
    connectionId: context.connection,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  });
}
