import type { NextFunction, Request, Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/** What the pages have no use for, so that nothing that gets into one has it either. */
const PERMISSIONS = [
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** The CDK asks media queries by way of a style element that it leaves empty: this is the hash of nothing. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** Who may make HTML or the address of a script out of a text: Angular, and the one sanitizer. */
const POLICIES = ['angular', 'angular#bundler', 'angular#components', 'parley', 'dompurify'];

/**
 * What would force TLS is left to the proxy that has it: most servers of this kind are first tried over plain HTTP,
 * where browsers complain of an opener policy; it is sent where there is TLS.
 */
const PLAIN_HTTP: HelmetOptions = {
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
};

/** A page of the client runs its own scripts and has its own style sheets, and nothing that was written into it. */
const forClient = helmet({
  ...PLAIN_HTTP,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", EMPTY_STYLE],
      'img-src': ["'self'", 'data:', 'blob:'],
      'media-src': ["'self'", 'blob:'],
      'connect-src': ["'self'"],
      'worker-src': ["'self'"],
      'manifest-src': ["'self'"],
      'object-src': ["'none'"],
      'frame-src': ["'none'"],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'self'"],
      'form-action': ["'none'"],
      'require-trusted-types-for': ["'script'"],
      'trusted-types': POLICIES,
    },
  },
});

/** Swagger UI writes styles into its page and draws its images from it. */
const forDocs = helmet({
  ...PLAIN_HTTP,
  contentSecurityPolicy: {
    directives: {
      'img-src': ["'self'", 'data:'],
      'frame-ancestors': ["'none'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'font-src': ["'self'", 'data:'],
      'upgrade-insecure-requests': null,
    },
  },
});

/** On every answer: what a browser may do with it. */
export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Permissions-Policy', PERMISSIONS);
  if (request.secure) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  const isDocs = request.path === '/api/docs' || request.path.startsWith('/api/docs/');
  (isDocs ? forDocs : forClient)(request, response, next);
}
