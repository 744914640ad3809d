import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { WireError } from '@parley/contract';
import type { Response } from 'express';
import { ERROR_TABLE } from './error-table';
import { toWireError } from './to-wire-error';

/** The global HTTP filter: whatever was thrown leaves as the one error body, with its status from the table. */
@Catch()
export class DomainErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    refuse(host.switchToHttp().getResponse<Response>(), thrown);
  }
}

/** Answers a request with what was thrown: for the filter, and for middleware, which no filter stands behind. */
export function refuse(response: Response, thrown: unknown): void {
  const error = toWireError(thrown);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  setHeaders(response, error);
  response.status(ERROR_TABLE[error.code].status).json(error);
}

function setHeaders(response: Response, { code, retryAfter }: WireError): void {
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  if (code === 'NOT_SIGNED_IN') response.setHeader('WWW-Authenticate', 'Bearer');
}
