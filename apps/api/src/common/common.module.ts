import { Global, Module } from '@nestjs/common';
import { Clock } from './clock';
import { RateLimits } from './rate-limits';

/** What every feature may have without asking: the time, and the limits. */
@Global()
@Module({ providers: [Clock, RateLimits], exports: [Clock, RateLimits] })
export class CommonModule {}
