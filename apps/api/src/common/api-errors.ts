import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, type WireError } from '@parley/contract';
import { ERROR_TABLE } from './error-table';

/** The documented shape of every failure. */
export class WireErrorDto implements WireError {
  @ApiProperty({ enum: ERROR_CODES, enumName: 'ErrorCode', description: 'A stable name of the failure, for programs.' })
  code!: ErrorCode;

  @ApiProperty({ type: String, description: 'A sentence for people; it never repeats what was sent.' })
  message!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'For each wrong field a sentence that says what is asked for.',
  })
  fields?: Record<string, string>;

  @ApiProperty({ type: 'integer', required: false, description: 'Seconds to wait, with RATE_LIMITED.' })
  retryAfter?: number;

  @ApiProperty({ type: String, required: false, description: 'With INTERNAL_ERROR: what to look for in the log.' })
  errorId?: string;
}

/** Documents the failures of a route from the error table, an example for each, grouped by HTTP status. */
export function ApiErrors(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  const statuses = [...new Set(codes.map(statusOf))];
  const responses = statuses.map((status) =>
    responseOf(
      status,
      codes.filter((code) => statusOf(code) === status),
    ),
  );
  return applyDecorators(ApiExtraModels(WireErrorDto), ...responses);
}

function statusOf(code: ErrorCode): number {
  return ERROR_TABLE[code].status;
}

function responseOf(status: number, codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  const examples = Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }]));
  const schema = { $ref: getSchemaPath(WireErrorDto) };
  const description = codes.map((code) => `${code}: ${ERROR_TABLE[code].sentence}`).join(' ');
  return ApiResponse({ status, description, content: { 'application/json': { schema, examples } } });
}

const EXAMPLE_DETAILS: Partial<Record<ErrorCode, Omit<WireError, 'code' | 'message'>>> = {
  VALIDATION_FAILED: { fields: { name: 'From 1 to 64 characters are asked for.' } },
  RATE_LIMITED: { retryAfter: 60 },
  INTERNAL_ERROR: { errorId: '7d1f4e0a-5f0c-4b52-9c1c-0d6a5e1f2b3c' },
};

function exampleOf(code: ErrorCode): WireError {
  return { code, message: ERROR_TABLE[code].sentence, ...EXAMPLE_DETAILS[code] };
}
