import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Origin } from './auth.service';
import { deviceOf } from './device';

/** Where the request came from, as an argument of a route. */
export const From = createParamDecorator((_data: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<Request>();
  return { address: request.ip, device: deviceOf(request.get('user-agent')) };
});
