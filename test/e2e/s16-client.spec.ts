import { call, codeOf } from '../security/raw-call';
import { MortalServer } from '../faults/mortal-server';
import { ChatPeer } from '../support/chat-peer';

const BROWSER = { accept: 'text/html,*/*;q=0.8', 'accept-encoding': 'gzip, br' };

describe('The client as npm start serves it', () => {
  const server = new MortalServer();
  beforeAll(() => server.starts());
  afterAll(() => server.isGone());

  it('S16 is at /, with a page that names only files that are there', async () => {
    const page = await call(server, 'GET /', { headers: { accept: BROWSER.accept } });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
    const named = [...page.text.matchAll(/(?:src|href)="([^"/]+\.\w+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect((await call(server, `GET /${name}`)).status).toBe(200);
  });

  it('S16 comes packed, whole or not at all when nothing has changed', async () => {
    const first = await call(server, 'GET /', { headers: BROWSER });
    expect(first.headers['content-encoding']).toBe('br');
    const etag = String(first.headers.etag);
    const again = await call(server, 'GET /', { headers: { ...BROWSER, 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('S16 has no inline script or style, which its policy would refuse', async () => {
    const { text } = await call(server, 'GET /');
    expect(text).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/);
  });

  it('S16 shows its page at addresses of its own, and leaves those of the server alone', async () => {
    expect((await call(server, 'GET /chat/somewhere', { headers: BROWSER })).status).toBe(200);
    for (const path of ['/api/nothing', '/ws', '/..%2f..%2fpackage.json']) {
      expect(codeOf(await call(server, `GET ${path}`, { headers: { accept: BROWSER.accept } }))).toBe('NOT_FOUND');
    }
    expect((await call(server, 'GET /healthz', { headers: BROWSER })).text).toBe('{"status":"ok"}');
  });

  it.each(['/ws', '/'])('S1 leaves %s to sockets that ask for it', async (path) => {
    const peer = await ChatPeer.opens(server.url.replace('http', 'ws') + path);
    expect((await peer.asks('ping', {})).at).toMatch(/^\d{4}-/);
    peer.cuts();
  });
});
