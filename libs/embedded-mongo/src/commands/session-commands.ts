import { randomBytes } from 'node:crypto';
import type { Background } from '../background/background';
import { Binary, doc } from '../bson/values';
import { sessionKey } from '../prepared';
import type { Cursors } from '../sessions/cursors';
import type { Transaction, Transactions } from '../sessions/transactions';
import { asking, ending, type Command, type CommandContext } from './command';

/** The commands about sessions and transactions; an engine has its own. */
export function sessionCommands(
  transactions: Transactions,
  cursors: Cursors,
  background: Background | undefined,
): ReadonlyMap<string, Command> {
  const end: Command['run'] = (_, body) => {
    for (const lsid of body.documents(body.name)) {
      const session = sessionKey(lsid);
      transactions.abort(session);
      cursors.killAll({ session });
      background?.forget(session);
    }
    return doc({ ok: 1 });
  };
  const of = ({ session, number }: CommandContext): Transaction => transactions.find(session, number);
  const newId = (): Binary => new Binary(randomBytes(16), 4);
  return new Map([
    ['startSession', asking('any', () => doc({ id: { id: newId() }, timeoutMinutes: 30, ok: 1 }))],
    ['refreshSessions', asking('any', () => doc({ ok: 1 }))],
    ['endSessions', asking('any', end)],
    ['killSessions', asking('any', end)],
    ['commitTransaction', ending(true, (context) => transactions.commit(of(context)))],
    ['abortTransaction', ending(false, (context) => transactions.end(of(context)))],
  ]);
}
