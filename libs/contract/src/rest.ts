import type { Me, PersonStatus, Timestamp } from './nouns';

/** `GET /api/server`: what one has to know of a server before one has an account there. */
export interface Server {
  /** The country of phone numbers that are typed without a country code, such as `VN`. */
  default_country: string;
}

/** `POST /api/signup`. `phone` as people type it; it is kept as E.164. */
export interface SignUp {
  name: string;
  phone: string;
  password: string;
}

/** `POST /api/signin`. */
export interface SignIn {
  phone: string;
  password: string;
}

/** The answer to sign-in: the token to send as `Authorization: Bearer` and in `authenticate`. It is shown only here. */
export interface SignedIn {
  token: string;
  user: Me;
  expires_at: Timestamp;
}

/** `POST /api/me/password`. */
export interface ChangePassword {
  /** The password that there is. */
  current: string;
  /** The one that is to be. */
  new: string;
}

/** `PATCH /api/me`. */
export interface ChangeMe {
  name?: string;
  status?: PersonStatus;
}
