import { Backplane } from '../cluster/backplane';
import { RateLimits } from '../common/rate-limits';
import { ParleyConfig } from '../config/parley-config';
import { Connections } from './connections';
import { ConnectionsElsewhere } from './connections-elsewhere';
import { identityOf, strangersConnection } from './testing/recorded-connection';

describe('Connections', () => {
  let connections: Connections;

  beforeEach(() => {
    const config = ParleyConfig.from({});
    const backplane = new Backplane(config, new RateLimits(config));
    connections = new Connections(config, backplane, new ConnectionsElsewhere(backplane));
    connections.onApplicationBootstrap();
  });
  afterEach(() => connections.onModuleDestroy());

  /** Somebody signs in, as from a request of its own: nothing of it is anybody else's yet. */
  function signsIn(user: string, session: string) {
    const { connection } = strangersConnection();
    connections.add(connection, identityOf(user, session));
    return connection;
  }

  it('keeps one identity for all connections of a session, and one person for all sessions: so idle ones cost little', () => {
    const [first, second, elsewhere] = [signsIn('an', 'phone'), signsIn('an', 'phone'), signsIn('an', 'laptop')];
    expect(second.identity).toBe(first.identity);
    expect(elsewhere.identity).not.toBe(first.identity);
    expect(elsewhere.identity!.session.id).toBe('laptop');
    expect(elsewhere.identity!.user).toBe(first.identity!.user);
    expect(signsIn('binh', 'tablet').identity!.user).not.toBe(first.identity!.user);
  });

  it('keeps it also when the connection that brought it has gone', () => {
    const [first, second] = [signsIn('an', 'phone'), signsIn('an', 'phone')];
    const { identity } = first;
    connections.remove(first);
    expect(signsIn('an', 'phone').identity).toBe(identity);
    connections.rename('an', 'An Nguyễn');
    expect(second.identity!.user.name).toBe('An Nguyễn');
  });
});
