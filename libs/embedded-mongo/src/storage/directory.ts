import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DirectoryUnusable } from '../failure';

/** Makes the directory where there is none, for its owner alone; throws `DirectoryUnusable` where it cannot be used. */
export function prepareDirectory(directory: string): void {
  try {
    makeDirectory(resolve(directory));
    chmodSync(directory, 0o700);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DirectoryUnusable(directory, (error as Error).message);
  }
}

/** Node's own recursive mkdir never comes back from places such as /proc, where nothing can be made. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}
