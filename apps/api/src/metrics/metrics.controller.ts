import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, type OnModuleInit, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Backplane } from '../cluster/backplane';
import { Public } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import { metrics, registry, watchProcess } from '../common/metrics';
import { ParleyConfig } from '../config/parley-config';
import { Connections } from '../realtime/connections';
import { RoomDirectory } from '../rooms/room-directory';

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** A proxy says by one of these that somebody else is asking. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** For Prometheus. */
@ApiTags('health')
@Public()
@Controller()
export class MetricsController implements OnModuleInit {
  constructor(
    private readonly config: ParleyConfig,
    private readonly connections: Connections,
    private readonly rooms: RoomDirectory,
    private readonly backplane: Backplane,
  ) {}

  onModuleInit(): void {
    watchProcess();
  }

  @Get('metrics')
  @Header('Content-Type', registry.contentType)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Figures for Prometheus: to a caller on the same machine, or with METRICS_TOKEN' })
  @ApiOkResponse({ description: 'The figures in Prometheus’ text format.', content: { 'text/plain': {} } })
  @ApiErrors('NOT_FOUND')
  async metrics(@Req() request: Request): Promise<string> {
    if (!this.mayRead(request)) throw new DomainError('NOT_FOUND', ERROR_TABLE.NOT_FOUND.sentence);
    this.takeStock();
    return registry.metrics();
  }

  /** Without a token, only a caller that sits on this machine and came past no proxy. */
  private mayRead(request: Request): boolean {
    const { metricsToken } = this.config;
    if (metricsToken !== undefined) return isSame(request.headers.authorization ?? '', `Bearer ${metricsToken}`);
    const direct = FORWARDED.every((header) => request.headers[header] === undefined);
    return direct && LOOPBACK.test(request.socket.remoteAddress ?? '');
  }

  private takeStock(): void {
    metrics.signedIn.set(this.connections.count);
    metrics.queueBytes.set(this.connections.queuedBytes);
    metrics.rooms.set(this.rooms.size);
    metrics.redis.set(this.backplane.redis === 'up' ? 1 : 0);
    metrics.nodes.set(this.backplane.nodes);
  }
}

/** Takes as long whatever the difference is. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one!, other!);
}
