import { DirectoryInUse, DirectoryUnusable } from './failure';

/** An error on its way between threads, where classes get lost. */
export interface PackedFailure {
  name: string;
  message: string;
  directory: string | undefined;
  reason: string | undefined;
}

export function packFailure(error: unknown): PackedFailure {
  const { name, message } = error as Error;
  const directory = error instanceof DirectoryInUse || error instanceof DirectoryUnusable ? error.directory : undefined;
  return { name, message, directory, reason: error instanceof DirectoryUnusable ? error.reason : undefined };
}

export function unpackFailure({ name, message, directory = '', reason = '' }: PackedFailure): Error {
  if (name === 'DirectoryInUse') return new DirectoryInUse(directory);
  return name === 'DirectoryUnusable' ? new DirectoryUnusable(directory, reason) : new Error(message);
}
