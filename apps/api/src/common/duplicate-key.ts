/** Whether a write failed because a unique index has the value already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && error.name === 'MongoServerError' && Reflect.get(error, 'code') === 11000;
}
