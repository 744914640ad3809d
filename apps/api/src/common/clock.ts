import { Injectable } from '@nestjs/common';

/** What time it is. Tests provide one of their own to move the time; sockets' and limits' timers do not follow it. */
@Injectable()
export class Clock {
  /** The present moment. */
  now(): Date {
    return new Date();
  }
}
