import type { Id, Me, PersonStatus, UserRole } from '@parley/contract';

/** A person as the server knows them: plain, without secrets. `phone` is E.164. */
export interface UserRecord {
  id: Id;
  name: string;
  phone: string;
  role: UserRole;
  created_at: Date;
  status: PersonStatus;
  /** When their last connection had gone, as far as that was written down. */
  last_seen_at?: Date;
}

/** A person as they see themselves. */
export function toMe(user: UserRecord): Me {
  return {
    id: user.id,
    name: user.name,
    phone: user.phone,
    role: user.role,
    status: user.status,
    created_at: user.created_at.toISOString(),
  };
}
