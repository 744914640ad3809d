/** Makes something when it is first asked for, and keeps it: for what is slow to make and not always needed. */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
