import { type EnvironmentProviders, isDevMode } from '@angular/core';
import { provideServiceWorker } from '@angular/service-worker';

const SCRIPT = 'ngsw-worker.js';

/** What the page needs of `window.trustedTypes`, where the browser has it. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (text: string) => string }): PolicyOfScripts;
}

interface PolicyOfScripts {
  createScriptURL(text: string): { toString(): string };
}

/**
 * The service worker that keeps the built client, so that it opens without a connection. While one develops there is
 * none. The page's policy lets no text be the address of a script: this is the one that may, and that is all it says.
 */
export function provideOfflineClient(): EnvironmentProviders {
  // Angular hands the address on to the browser as it is, but has it typed as a text.
  return provideServiceWorker(trusted(SCRIPT) as string, { enabled: !isDevMode() });
}

function trusted(script: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  const policy = trustedTypes?.createPolicy('parley', { createScriptURL: onlyOurs });
  return policy ? policy.createScriptURL(script) : script;
}

function onlyOurs(text: string): string {
  if (text !== SCRIPT) throw new TypeError(`Not a script of Parley: ${text}`);
  return text;
}
