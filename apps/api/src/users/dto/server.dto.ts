import { ApiProperty } from '@nestjs/swagger';
import type { Server } from '@parley/contract';

/** What one has to know of a server before one has an account there, for the documentation. */
export class ServerDto implements Server {
  @ApiProperty({
    type: String,
    example: 'VN',
    description: 'The country of phone numbers that are typed without a country code: ISO 3166, two letters.',
  })
  default_country!: string;
}
