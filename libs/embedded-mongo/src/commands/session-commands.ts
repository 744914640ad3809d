import type { Background } from '../background/background';
import { doc } from '../bson/values';
import type { Cursors } from '../sessions/cursors';
import { sessionKey } from '../sessions/session-options';
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
  const of = ({ session }: CommandContext): Transaction => transactions.find(session.key, session.number);
  return new Map([
    ['endSessions', asking('any', end)],
    ['commitTransaction', ending(true, (context) => transactions.commit(of(context)))],
    ['abortTransaction', ending(false, (context) => transactions.end(of(context)))],
  ]);
}
