import 'fake-indexeddb/auto';

// jsdom has none. What is kept is plain data, which JSON carries as well.
globalThis.structuredClone ??= <T>(value: T): T =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);

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
