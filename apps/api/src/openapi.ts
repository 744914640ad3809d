import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

const DESCRIPTION = `Parley’s REST API. Sign in with \`POST /api/signin\`, press Authorize and paste the token.

Lists page by cursor: pass \`next\` as \`after\`. Every failure has the same body, \`{code, message, fields?}\`.
Live messages come through the gateway at \`/ws\`, which docs/gateway.md describes.`;

/** The OpenAPI document of all routes: what Swagger UI shows and what the golden `openapi.json` is compared with. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('Parley')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  return SwaggerModule.createDocument(app, outline, { operationIdFactory: operationId });
}

/** `sessionsList` for `SessionsController.list`: what generated clients call it. */
function operationId(controller: string, method: string): string {
  const feature = controller.replace(/Controller$/, '');
  return feature[0]!.toLowerCase() + feature.slice(1) + method[0]!.toUpperCase() + method.slice(1);
}
