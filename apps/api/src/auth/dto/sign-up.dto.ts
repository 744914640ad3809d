import type { SignUp } from '@parley/contract';
import { Password, PersonName, PhoneNumber } from '../../common/text-decorators';

/** The body of `POST /api/signup`. */
export class SignUpDto implements SignUp {
  @PersonName()
  name!: string;

  @PhoneNumber({ description: 'As people type it; without a country code it is a number of the server’s own country.' })
  phone!: string;

  @Password()
  password!: string;
}
