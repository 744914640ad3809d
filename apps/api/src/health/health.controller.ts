import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
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

/** For whatever watches the server and decides whether to send people to it. */
@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly repository: HealthRepository,
    private readonly gate: SessionGate,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiOkResponse({ type: HealthDto })
  healthz(): HealthDto {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether the database answers and the gateway takes connections' })
  @ApiOkResponse({ type: HealthDto })
  @ApiErrors('UNAVAILABLE', 'REALTIME_UNAVAILABLE')
  async readyz(): Promise<HealthDto> {
    if (!(await this.repository.databaseAnswers())) throw unready('UNAVAILABLE');
    if (!this.gate.open) throw unready('REALTIME_UNAVAILABLE');
    return { status: 'ok' };
  }
}

function unready(code: 'UNAVAILABLE' | 'REALTIME_UNAVAILABLE'): DomainError {
  return new DomainError(code, ERROR_TABLE[code].sentence);
}
