import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { DomainError } from '../common/domain-error';
import { refuse } from '../common/domain-error.filter';
import { ERROR_TABLE } from '../common/error-table';
import { BuiltClient } from './built-client';

/** Where the build puts the client, seen from where it puts this file. */
const CLIENT_FOLDER = join(__dirname, '../../../web');
const DOCS = '/api/docs';

/** The client that was built beside this server. Without one it says so: then there is only the API. */
export function builtClient(): BuiltClient | undefined {
  const client = BuiltClient.read(CLIENT_FOLDER);
  if (!client) new Logger('Web').log(`No web client is built: / leads to ${DOCS}.`);
  return client;
}

/**
 * Everything outside of `/api`: the client's files and pages, and 404 for the rest. Express would answer that in HTML,
 * stack included, so it ends here.
 * @param routes what else Nest answers at the top, without slash; never a page, nor is what is below it.
 */
export function pages(client: BuiltClient | undefined, routes: readonly string[]): RequestHandler {
  const ofServer = new RegExp(`^/(${['api', 'ws', ...routes].join('|')})(/|$)`);
  const ofNest = new RegExp(`^/(api/|(${routes.join('|')})$)`);
  return (request: Request, response: Response, next: NextFunction) => {
    if (ofNest.test(request.path)) return next();
    if (!ofServer.test(request.path) && client?.answer(request, response)) return;
    if (!client && request.path === '/') return response.redirect(DOCS);
    response.setHeader('Cache-Control', 'no-store');
    refuse(response, new DomainError('NOT_FOUND', ERROR_TABLE.NOT_FOUND.sentence));
  };
}
