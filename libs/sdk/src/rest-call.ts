import { systemClock, type Clock } from './clock';
import type { TokenProvider } from './connection/line';
import { withDefaults } from './defaults';
import { isWireError, ParleyError } from './errors';

/** How a server is reached by REST. */
export interface RestCallOptions {
  /** The server's origin, as `http://localhost:6789`; empty in a page that the server itself has served. */
  url: string;
  /** Whose calls these are; nobody's unless said. */
  token?: TokenProvider;
  /** Milliseconds for a whole call; 30,000 unless said. */
  timeoutMs?: number;
  /** The platform's unless said. */
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
}

type Query = object;

/** One HTTP call to the API and what becomes of its answer. */
export class RestCall {
  readonly #options: Required<RestCallOptions>;

  constructor(options: RestCallOptions) {
    const fetch: typeof globalThis.fetch = (...request) => globalThis.fetch(...request);
    this.#options = withDefaults({ token: () => null, timeoutMs: 30_000, fetch, clock: systemClock }, options);
  }

  get<T>(path: string, query: Query = {}, { signal }: { signal?: AbortSignal } = {}): Promise<T> {
    return this.#request<T>(path + search(query), { method: 'GET' }, signal);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.#request<T>(path, { method: 'POST', ...json(body) });
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.#request<T>(path, { method: 'PATCH', ...json(body) });
  }

  put<T>(path: string): Promise<T> {
    return this.#request<T>(path, { method: 'PUT' });
  }

  delete<T>(path: string): Promise<T> {
    return this.#request<T>(path, { method: 'DELETE' });
  }

  async #request<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
    return this.#timed(signal, async (within) => {
      const { url, fetch } = this.#options;
      const headers = await this.#headers(init);
      const response = await fetch(`${url.replace(/\/$/, '')}/api${path}`, { ...init, headers, signal: within });
      const body = parse(await response.text());
      if (!response.ok) throw refusal(response, body);
      if (body === NOT_JSON)
        throw new ParleyError('BAD_ANSWER', 'The answer is not JSON.', { status: response.status });
      return body as T;
    });
  }

  async #headers(init: RequestInit): Promise<Headers> {
    const headers = new Headers(init.headers);
    const token = await this.#options.token();
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    return headers;
  }

  async #timed<T>(signal: AbortSignal | undefined, call: (within: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.#options;
    const timeout = new AbortController();
    const callOff = clock.schedule(timeoutMs, () => timeout.abort());
    try {
      return await call(signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal);
    } catch (cause) {
      throw failure(cause, timeout.signal, signal);
    } finally {
      callOff();
    }
  }
}

const NOT_JSON = Symbol('not JSON');

/** A body; undefined for an empty one. */
function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function json(body?: object): RequestInit {
  return body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {};
}

function search(query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text && `?${text}`;
}

function refusal({ status, headers }: Response, body: unknown): ParleyError {
  const retryAfter = Number(headers.get('Retry-After') ?? NaN);
  const details = { status, retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined };
  if (isWireError(body)) return ParleyError.fromWire(body, details);
  // A proxy in front of a server that is down answers in its own words.
  const code = status >= 500 ? 'UNAVAILABLE' : 'BAD_ANSWER';
  return new ParleyError(code, `The server answered with status ${status}.`, details);
}

function failure(cause: unknown, timeout: AbortSignal, signal?: AbortSignal): ParleyError {
  if (cause instanceof ParleyError) return cause;
  if (signal?.aborted) return new ParleyError('ABORTED', 'The call was aborted.', { cause });
  if (timeout.aborted) return new ParleyError('TIMED_OUT', 'The server did not answer in time.', { cause });
  return new ParleyError('NETWORK_FAILED', 'The server cannot be reached.', { cause });
}
