import type { SignIn } from '@parley/contract';
import { PhoneNumber, TriedPassword } from '../../common/text-decorators';

/** The body of `POST /api/signin`. */
export class SignInDto implements SignIn {
  @PhoneNumber()
  phone!: string;

  @TriedPassword()
  password!: string;
}
