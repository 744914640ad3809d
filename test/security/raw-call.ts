import { request, type IncomingHttpHeaders } from 'node:http';
import type { Address } from '../support/people';
import { within } from '../support/deadline';

/** What a server answered, byte for byte. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** What is sent beside method and path. A `body` that is no string or Buffer is sent as JSON. */
export interface RawRequest {
  token?: string;
  headers?: Readonly<Record<string, string | string[]>>;
  body?: unknown;
}

/** Calls a server by HTTP as it is said, past every client that would put it right: paths and headers go out as given. */
export function call(address: Address, line: string, { token, headers, body }: RawRequest = {}): Promise<RawAnswer> {
  const [method, path] = line.split(' ') as [string, string];
  const { hostname, port } = new URL(address.url);
  const payload = bytesOf(body);
  const all = {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(payload && { 'Content-Type': 'application/json', 'Content-Length': String(payload.length) }),
    ...headers,
  };
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    const sending = request({ hostname, port, method, path, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sending.on('error', reject);
    sending.end(payload);
  });
  return within(`an answer to ${line}`, answer);
}

/** The code of a refusal; what the body is where it is none. */
export function codeOf({ text }: RawAnswer): string {
  try {
    const { code } = JSON.parse(text) as { code?: string };
    return code ?? `fine: ${text}`;
  } catch {
    return `no JSON: ${text}`;
  }
}

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
