import { AGGREGATE_COMMANDS } from './aggregate-command';
import { BACKUP_COMMANDS } from './backup-command';
import { COLLECTION_COMMANDS } from './collection-commands';
import type { Command } from './command';
import { INDEX_COMMANDS } from './index-commands';
import { READ_COMMANDS } from './read-commands';
import { SERVER_COMMANDS } from './server-commands';
import { WRITE_COMMANDS } from './write-commands';

/** Every command but those of sessions and transactions, which the engine runs itself. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ...READ_COMMANDS,
  ...WRITE_COMMANDS,
  ...AGGREGATE_COMMANDS,
  ...INDEX_COMMANDS,
  ...COLLECTION_COMMANDS,
  ...SERVER_COMMANDS,
  ...BACKUP_COMMANDS,
]);
