import type { Id, Session } from '@parley/contract';

/** A sign-in as the server knows it: plain, without the token's hash. */
export interface SessionRecord {
  id: Id;
  user: Id;
  device: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

/** A session as its owner sees it. */
export function toSession(session: SessionRecord, currentId: Id): Session {
  return {
    id: session.id,
    device: session.device,
    created_at: session.created_at.toISOString(),
    last_seen_at: session.last_seen_at.toISOString(),
    expires_at: session.expires_at.toISOString(),
    current: session.id === currentId,
  };
}
