import type { IncomingMessage } from 'node:http';
import { ParleyConfig } from '../config/parley-config';
import { clientAddress, refuseUpgrade } from './upgrade-policy';

const request = (url: string, headers: Record<string, string> = {}): IncomingMessage =>
  ({ url, headers: { host: 'chat.example.org', ...headers }, socket: { remoteAddress: '10.0.0.9' } }) as never;

const own = ParleyConfig.from({});
const listed = ParleyConfig.from({ ALLOWED_ORIGINS: 'https://other.example.org' });

describe('refuseUpgrade', () => {
  it.each(['/ws', '/', '/ws?x=1'])('lets %s through', (path) => {
    expect(refuseUpgrade(request(path), own)).toBeUndefined();
  });

  it.each(['/wss', '/api/me', '/ws/..', ''])('refuses the path "%s"', (path) => {
    expect(refuseUpgrade(request(path), own)).toMatchObject({ status: 404 });
  });

  it('lets a page of the same host through, and a client that is no page', () => {
    expect(refuseUpgrade(request('/ws', { origin: 'https://chat.example.org' }), own)).toBeUndefined();
    expect(refuseUpgrade(request('/ws'), own)).toBeUndefined();
  });

  it.each([
    'https://evil.example.org',
    'null',
    '',
    'https://chat.example.org.evil.org',
    'https://chat.example.org:8443',
  ])('refuses a page of "%s"', (origin) =>
    expect(refuseUpgrade(request('/ws', { origin }), own)).toMatchObject({ status: 403 }),
  );

  it('lets a page of a listed origin through', () => {
    expect(refuseUpgrade(request('/ws', { origin: 'https://other.example.org' }), listed)).toBeUndefined();
  });
});

describe('clientAddress', () => {
  const forwarded = request('/ws', { 'x-forwarded-for': '6.6.6.6, 1.1.1.1, 2.2.2.2' });

  it('believes nobody about the address where no proxy is trusted', () => {
    expect(clientAddress(forwarded, 0)).toBe('10.0.0.9');
  });

  it.each([
    [1, '2.2.2.2'],
    [2, '1.1.1.1'],
  ])('takes what the outermost of %i proxies saw', (hops, address) => {
    expect(clientAddress(forwarded, hops)).toBe(address);
  });
});
