/** The numbers that both sides keep to. Lengths are UTF-16 units, as `String.length` counts them. */
export const LIMITS = {
  /** A client's frame, in bytes of UTF-8. */
  frameBytes: 64 * 1024,
  textLength: 8_000,
  clientIdLength: 64,
  /** Different emoji that one message can have as reactions; whoever joins in with one of them adds none. */
  emojiPerMessage: 20,
  userNameLength: 64,
  roomNameLength: 80,
  descriptionLength: 500,
  passwordMin: 8,
  passwordMax: 256,
  /** The largest `max_participants`, and what a room has when it says nothing. */
  maxParticipants: 100_000,
  defaultParticipants: 1_000,
  /** People named in one call that creates a group or adds members. */
  usersPerCall: 200,
  /** Rooms that a person can be in, and so rooms named in one `seen`. */
  roomsPerPerson: 1_000,
  roomsPerSync: 1_000,
  /** Members shown with a room; `GET /api/rooms/:id/members` has them all. */
  membersShown: 10,
  /** A page of any list. */
  pageMax: 100,
  pageDefault: 50,
  /** Missed entries of a room that `sync` hands over; past that it resets. */
  syncEntries: 1_000,
  /** People whom one connection watches. */
  watchedPeople: 200,
  /** Members of the largest room in which it is told who is typing. */
  typingMembers: 200,
  /** Unread messages are counted up to here: show `99+` at it. */
  unreadCounted: 100,
} as const;

/** The limits as `authenticate` tells them. */
export type Limits = { readonly [K in keyof typeof LIMITS]: number };

/** Milliseconds: every connection is pinged this often, and dropped when nothing came from it since the ping before. */
export const HEARTBEAT_MS = 30_000;

/** Milliseconds that a new connection has for `authenticate`. */
export const AUTHENTICATE_WITHIN_MS = 10_000;

/** Milliseconds: somebody who types says so this often at most. */
export const TYPING_EVERY_MS = 3_000;

/** Milliseconds after which somebody who was typing, and has not said so again, no longer is. */
export const TYPING_LASTS_MS = 6_000;
