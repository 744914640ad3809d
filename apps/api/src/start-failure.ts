import { DirectoryInUse, DirectoryUnusable } from '@parley/embedded-mongo';
import { ConfigError } from './config/environment-reader';

/** Why the server could not start: one clear line where the cause is known, else all that there is to know. */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Parley cannot start: ${String(error)}`;
  const known = error instanceof ConfigError || error instanceof DirectoryInUse || error instanceof DirectoryUnusable;
  if (known) return `Parley cannot start: ${error.message}`;
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE')
    return `Parley cannot start: port ${port} is in use by another program. Set PORT to another.`;
  if (code === 'EACCES' && port !== undefined)
    return `Parley cannot start: port ${port} may not be used. Set PORT to another.`;
  if (code === 'EADDRNOTAVAIL')
    return `Parley cannot start: this machine has no address ${address}. Set HOST to one of its own.`;
  if (/^Mongo/.test(error.name))
    return `Parley cannot start: the database of MONGO_URI does not answer (${error.message}).`;
  return `Parley cannot start.\n${error.stack}`;
}
