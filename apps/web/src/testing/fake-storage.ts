import 'fake-indexeddb/auto';

// jsdom has none. What is kept is plain data, and maps of it.
globalThis.structuredClone ??= <T>(value: T): T => copyOf(value) as T;

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Map) return new Map(Array.from(value, ([key, one]) => [copyOf(key), copyOf(one)]));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one)]));
}

/** A browser that has kept nothing yet, to be called before each test. */
export function emptyStorage(): void {
  localStorage.clear();
  globalThis.indexedDB = new IDBFactory();
}

/** What another tab does to the local storage. */
export function inAnotherTab(key: string, value: unknown): void {
  const newValue = value === null ? null : JSON.stringify(value);
  if (newValue === null) localStorage.removeItem(key);
  else localStorage.setItem(key, newValue);
  window.dispatchEvent(new StorageEvent('storage', { key, newValue }));
}
