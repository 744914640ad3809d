import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Backplane } from '../cluster/backplane';
import { Public } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import { SessionGate } from '../realtime/session-gate';
import { HealthRepository } from './health.repository';

/** The answer of a server that is well. */
export class HealthDto {
  @ApiProperty({ type: String, enum: ['ok'] })
  status!: 'ok';
}

/** The answer of a server that can serve people. Without Redis it can too: other nodes' messages come later then. */
export class ReadyDto extends HealthDto {
  @ApiProperty({ type: String, enum: ['up', 'down', 'absent'] })
  redis!: 'up' | 'down' | 'absent';
}

/** For whatever watches the server and decides whether to send people to it. */
@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly repository: HealthRepository,
    private readonly gate: SessionGate,
    private readonly backplane: Backplane,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiOkResponse({ type: HealthDto })
  healthz(): HealthDto {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    summary: 'Whether the database answers and the gateway takes connections',
    description: 'Also says how Redis is, where there are to be several nodes: nothing is lost while it is down.',
  })
  @ApiOkResponse({ type: ReadyDto })
  @ApiErrors('UNAVAILABLE', 'REALTIME_UNAVAILABLE')
  async readyz(): Promise<ReadyDto> {
    if (!(await this.repository.databaseAnswers())) throw unready('UNAVAILABLE');
    if (!this.gate.open) throw unready('REALTIME_UNAVAILABLE');
    return { status: 'ok', redis: this.backplane.redis };
  }
}

function unready(code: 'UNAVAILABLE' | 'REALTIME_UNAVAILABLE'): DomainError {
  return new DomainError(code, ERROR_TABLE[code].sentence);
}
