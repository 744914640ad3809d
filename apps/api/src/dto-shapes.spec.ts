import type {
  ChangeMe,
  ChangePassword,
  Me,
  Session,
  SignedIn,
  SignIn,
  SignUp,
  User,
  WireError,
} from '@parley/contract';
import { type ChangePasswordDto } from './auth/dto/change-password.dto';
import { type SessionDto } from './auth/dto/session.dto';
import { type SignInDto } from './auth/dto/sign-in.dto';
import { type SignUpDto } from './auth/dto/sign-up.dto';
import { type SignedInDto } from './auth/dto/signed-in.dto';
import { type WireErrorDto } from './common/api-errors';
import type { SameShape } from './common/same-shape';
import { type ChangeMeDto } from './users/dto/change-me.dto';
import { type MeDto, type UserDto } from './users/dto/user.dto';

/** Each line compiles only while DTO and contract have the same keys with the same types. */
const same: true[] = [
  true satisfies SameShape<SignUpDto, SignUp>,
  true satisfies SameShape<SignInDto, SignIn>,
  true satisfies SameShape<SignedInDto, Omit<SignedIn, 'user'> & { user: MeDto }>,
  true satisfies SameShape<ChangePasswordDto, ChangePassword>,
  true satisfies SameShape<ChangeMeDto, ChangeMe>,
  true satisfies SameShape<MeDto, Me>,
  true satisfies SameShape<UserDto, User>,
  true satisfies SameShape<SessionDto, Session>,
  true satisfies SameShape<WireErrorDto, WireError>,
];
/** And the check itself tells apart what differs. */
const different: false[] = [
  false satisfies SameShape<SignUp, SignIn>,
  false satisfies SameShape<{ a?: string }, { a: string }>,
  false satisfies SameShape<{ a: string }, { a: string; b?: string }>,
];

describe('DTO classes', () => {
  it('have the shape of their contract types, as far as the compiler can tell', () => {
    expect(same.every(Boolean)).toBe(true);
    expect(different.some(Boolean)).toBe(false);
  });
});
