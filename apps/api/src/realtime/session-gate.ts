/** What sign-in and sign-out ask of the realtime side. */
export abstract class SessionGate {
  /** Lets the session's token in on the gateway. Rejects when the gateway takes nobody (starting, stopping). */
  abstract accept(session: { id: string; user: string; expiresAt: Date }): Promise<void>;

  /** Closes the session's sockets with 4401 on every node and takes no more of it. */
  abstract revoke(sessionId: string): Promise<void>;

  /** Whether the gateway takes connections at this moment. */
  abstract readonly open: boolean;
}
