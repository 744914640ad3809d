import type { IncomingMessage } from 'node:http';
import type { ParleyConfig } from '../config/parley-config';

/** Where a WebSocket can be opened: `/ws`, and `/` for a plain client that knows only host and port. */
const GATEWAY_PATHS: ReadonlySet<string> = new Set(['/ws', '/']);

/** Why an upgrade is refused, as an HTTP answer. */
export interface Refusal {
  status: 403 | 404 | 429 | 503;
  message: string;
}

/** Says whether a request may become a socket, by its path and its Origin. */
export function refuseUpgrade(request: IncomingMessage, config: ParleyConfig): Refusal | undefined {
  const [path] = (request.url ?? '').split('?');
  if (!GATEWAY_PATHS.has(path!)) return { status: 404, message: 'The gateway is at /ws.' };
  if (!originAllowed(request, config.allowedOrigins)) {
    return { status: 403, message: 'This origin may not open the gateway: see ALLOWED_ORIGINS.' };
  }
  return undefined;
}

/** A page may connect when it came from this host or is on the list; a client that is no page sends no Origin. */
function originAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host?.toLowerCase();
}

/**
 * The address that limits go by: the socket's own, or, behind `hops` trusted proxies, the one that the outermost of
 * them saw.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const own = request.socket.remoteAddress ?? '';
  if (hops === 0) return own;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return forwarded.at(-hops) ?? forwarded[0] ?? own;
}
