import { backupTo } from '../storage/backup';
import { asking, type Command } from './command';

/** `backup`, of our own: `{backup: '/absolute/path'}` writes the whole database into a new file on the server's machine. */
export const BACKUP_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['backup', asking([], (context, body) => backupTo(context.file, body.text('backup')))],
]);
