import { inject, Injector, type ProviderToken } from '@angular/core';

/** A service whose code is loaded when it is first used, which is seldom at the start. Call it where `inject` works. */
export function late<T>(load: () => Promise<ProviderToken<T>>): () => Promise<T> {
  const injector = inject(Injector);
  return async () => injector.get(await load());
}
