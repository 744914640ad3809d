import type { ErrorCode } from '@parley/contract';

/** What some failures carry beside code and message. */
export interface DomainErrorDetails {
  /** For each wrong field, by its path (`metadata.description`), a sentence that says what is asked for. */
  fields?: Record<string, string>;
  /** Whole seconds to wait. */
  retryAfter?: number;
}

/**
 * A failure that the caller is told of, on REST and on the gateway alike: `code`, `message` and `more` go over the wire
 * as they are. The message is a sentence for people and never repeats what was sent.
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly more?: DomainErrorDetails,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}
