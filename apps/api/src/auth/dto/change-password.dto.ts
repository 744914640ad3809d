import type { ChangePassword } from '@parley/contract';
import { Password, TriedPassword } from '../../common/text-decorators';

/** The body of `POST /api/me/password`. */
export class ChangePasswordDto implements ChangePassword {
  @TriedPassword({ description: 'The password that there is.' })
  current!: string;

  @Password({ description: 'The one that is to be.', example: 'battery staple correct' })
  new!: string;
}
