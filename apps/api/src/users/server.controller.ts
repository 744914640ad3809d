import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Server } from '@parley/contract';
import { Public } from '../common/access';
import { ParleyConfig } from '../config/parley-config';
import { ServerDto } from './dto/server.dto';

/** What a form has to know to take a phone number as the server does. */
@ApiTags('sign-in')
@Public()
@Controller()
export class ServerController {
  constructor(private readonly config: ParleyConfig) {}

  @Get('server')
  @ApiOperation({ summary: 'What to know before sign-in', description: 'Asks for no token.' })
  @ApiOkResponse({ type: ServerDto })
  server(): Server {
    return { default_country: this.config.defaultCountry };
  }
}
