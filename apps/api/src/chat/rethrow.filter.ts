import { Catch, type ExceptionFilter } from '@nestjs/common';

/** Hands a failure back to the adapter, which answers it. Nest's own filter would send it itself, with the input in it. */
@Catch()
export class RethrowFilter implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}
