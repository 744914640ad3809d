type Flat<T> = { [K in keyof T]: T[K] };

/**
 * `true` when two types have the same keys with the same types, optional and all; otherwise `false`. A spec assigns
 * `true` to it, so that a DTO and its contract type cannot drift apart in either direction.
 */
export type SameShape<A, B> =
  (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : false;
