/**
 * Something that went wrong without a call to blame; the client has gone on.
 * `badFrame`: the server sent what is not a frame. `frameRefused`: the server closed the line for what this side sent. `badEntry`: an entry without its place in a log.
 * `serverError`: an `error` event about the connection. `syncFailed`: a gap could not be filled yet.
 * `storageFailed`: the outbox could not be read or written. `tokenFailed`: the token provider threw.
 */
export interface Fault {
  kind: 'badFrame' | 'frameRefused' | 'badEntry' | 'serverError' | 'syncFailed' | 'storageFailed' | 'tokenFailed';
  message: string;
  cause?: unknown;
}

/** Takes a fault's report. */
export type ReportFault = (fault: Fault) => void;
