import type { Author, Id, PersonStatus } from '@parley/contract';

/** What a node tells all others at once, by its name. */
export interface Notices {
  /** An entry that changes who is in a room, as `log/shared-entries` packs it. */
  changed: { room: Id; entries: string };
  /** A room has been made. */
  made: { room: Id };
  /** A session has ended. */
  revoked: { session: Id };
  /** Somebody has another name or status. */
  accountChanged: { user: Id };
  /** Somebody has read a room up to a seq. */
  read: { room: Id; user: Id; read: number };
  /**
   * How many connections these people have at the node that says it, and their status where it is not `available`. With
   * `part` it is one of the parts of all that there is to say, which follow each other: nobody else is connected there.
   */
  connected: {
    counts: (readonly [user: Id, connections: number, status?: PersonStatus])[];
    part?: readonly [number: number, of: number];
  };
  /** Somebody is typing in a room. */
  typing: { room: Id; user: Author };
}

/** The name of a notice. */
export type NoticeName = keyof Notices;

/** Takes a notice of another node in; it has been taken in when the promise resolves. */
export type NoticeListener<N extends NoticeName> = (notice: Notices[N], node: string) => void | Promise<void>;

/** What goes over the channel of all nodes. `n` counts what a node has said: a gap tells that something was missed. */
export type Message = { node: string; n: number } & (
  | { says: 'hello' | 'alive' | 'bye' }
  | { says: 'listens'; rooms: readonly Id[] }
  | { says: 'reached'; rooms: [room: Id, seq: number][] }
  | { says: 'done'; to: string; what: number }
  | { says: 'notice'; notice: NoticeName; data: Notices[NoticeName]; unanswered?: true }
);
