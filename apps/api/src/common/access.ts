import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiErrors } from './api-errors';

/** Who may call a route. Every route, or its controller, declares it; a spec fails where one does not. */
export type Access = 'public' | 'signedIn';

/** The metadata key under which a route's access is kept. */
export const ACCESS = 'parley:access';

/** The route needs no token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'public' satisfies Access);

/** The route needs a valid token. Also what the guard demands of a route that declares nothing. */
export const SignedIn = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, 'signedIn' satisfies Access),
    ApiBearerAuth(),
    ApiErrors('NOT_SIGNED_IN', 'RATE_LIMITED', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  );
