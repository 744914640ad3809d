import { ApiProperty } from '@nestjs/swagger';
import type { SignedIn, Timestamp } from '@parley/contract';
import { TOKEN } from '../../common/text-rules';
import { MeDto } from '../../users/dto/user.dto';

/** The answer to sign-in, for the documentation. */
export class SignedInDto implements SignedIn {
  @ApiProperty({
    type: String,
    example: TOKEN.example,
    description: 'Send it as `Authorization: Bearer`, and in `authenticate`.',
  })
  token!: string;

  @ApiProperty({ type: MeDto })
  user!: MeDto;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-12-22T19:00:00.000Z' })
  expires_at!: Timestamp;
}
