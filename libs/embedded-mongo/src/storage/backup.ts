import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { doc, type Doc } from '../bson/values';
import { badValue, CommandFailure } from '../failure';
import type { DatabaseFile } from './database-file';

/**
 * Writes all that is committed now into a new file, for its owner alone, whole and synced before the reply. Outside of
 * transactions; writes of other connections go on meanwhile.
 */
export function backupTo(file: DatabaseFile, path: string): Doc {
  if (!isAbsolute(path)) throw badValue('backup needs the absolute path of a file');
  const target = create(path);
  try {
    file.copyTo(path);
    fsyncSync(target);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(target);
  }
  return doc({ bytes: statSync(path).size, ok: 1 });
}

function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw new CommandFailure(2, `the backup cannot be written: ${(error as Error).message}`);
  }
}
