import { Parley } from '../support/app-harness';

/** The figures of `/metrics` by their names, labels included. */
async function figures(parley: Parley): Promise<Map<string, number>> {
  const text = await (await fetch(`${parley.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('/metrics', () => {
  let parley: Parley;

  afterEach(() => parley.stop());

  it('counts posts, deliveries, commits, connections, resumes and errors', async () => {
    parley = await Parley.start();
    const [an, binh] = [await parley.person('An'), await parley.person('Bình')];
    const room = await an.rest.createRoom({ name: 'Tea', users: [binh.id] });
    const [hers, his] = [await an.opensPeer(), await binh.opensPeer()];
    const before = await figures(parley);
    for (const clientId of ['one', 'two', 'three']) {
      await hers.asks('postMessage', { room: room.id, clientId, text: 'Hello' });
      await his.hears('messagePosted');
    }
    await his.asks('sync', { seen: { [room.id]: 1 } });
    await expect(his.asks('joinRoom', { name: 'No such room' })).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
    const after = await figures(parley);

    const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('parley_posts_total')).toBe(3);
    expect(grown('parley_deliveries_total')).toBe(6);
    expect(grown('parley_commit_seconds_count')).toBe(3);
    expect(grown('parley_commit_entries_sum')).toBe(3);
    expect(grown('parley_resumes_total{outcome="whole"}')).toBe(1);
    expect(grown('parley_errors_total{code="ROOM_NOT_FOUND"}')).toBe(1);
    expect(after.get('parley_connections_signed_in')).toBe(2);
    expect(after.get('parley_connections')).toBeGreaterThanOrEqual(2);
    expect(after.get('parley_queue_bytes')).toBe(0);
    expect(after.get('parley_rooms')).toBe(1);
    expect(after.has('nodejs_eventloop_lag_seconds')).toBe(true);
  });

  it('is for callers on this machine who come past no proxy', async () => {
    parley = await Parley.start();
    expect((await fetch(`${parley.url}/metrics`)).headers.get('content-type')).toContain('text/plain');
    for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
      const { status } = await fetch(`${parley.url}/metrics`, { headers: { [header]: '203.0.113.9' } });
      expect([header, status]).toEqual([header, 404]);
    }
  });

  it('asks for METRICS_TOKEN where there is one, whoever calls', async () => {
    parley = await Parley.start({ METRICS_TOKEN: 'a token for Prometheus' });
    const status = async (authorization?: string): Promise<number> =>
      (await fetch(`${parley.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } })).status;
    expect(await status()).toBe(404);
    expect(await status('Bearer another')).toBe(404);
    expect(await status('Bearer a token for Prometheus')).toBe(200);
  });
});
