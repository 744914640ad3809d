/** The `seq` after which messages of others are new, so that a divider stands before them; null for none. */
export type UnreadMark = number | null;

/** What moves the mark. */
export interface Reading {
  /** The newest `seq` of the room, and the one up to which it is read. */
  seq: number;
  read: number;
  unread: number;
  /** Whether the page can be seen, and whether the line is up. */
  isVisible: boolean;
  isOnline: boolean;
}

/** The mark of a room that is being opened. What comes before the line is up counts as new too. */
export function openingMark({ read }: Pick<Reading, 'read'>): UnreadMark {
  return read;
}

/**
 * The mark as time goes on. Once set it stays, so that the divider does; but who goes away having read everything finds
 * it, when back, before what came meanwhile. What comes before one's eyes is not new.
 */
export function followingMark(mark: UnreadMark, reading: Reading): UnreadMark {
  const { seq, read, unread, isVisible, isOnline } = reading;
  if (!isVisible) return unread === 0 ? seq : mark;
  if (!isOnline) return mark ?? (unread === 0 ? seq : null);
  // Nothing has come after it but messages of one's own, which nobody reads.
  return mark !== null && unread === 0 && read <= mark ? null : mark;
}
