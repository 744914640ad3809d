import { AUTHENTICATE_WITHIN_MS, HEARTBEAT_MS } from '@parley/contract';
import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { ConfigError, type Environment, EnvironmentReader } from './environment-reader';

/** Who sees other people's phone numbers. */
export type ShowPhones = 'all' | 'contacts' | 'none';

/** Everything that an operator can set. Read once, at start, by `read`; nobody else looks at the environment. */
export class ParleyConfig {
  /** Whether this is a real deployment: secrets are then looked at more closely. */
  readonly production: boolean;
  /** The one port of REST, gateway and web client; 0 lets the system choose. */
  readonly port: number;
  /**
   * The address to listen on. Every IPv4 interface by default: a chat server is there to be reached by others. Say
   * 127.0.0.1 where a proxy of the same machine stands before it.
   */
  readonly host: string;
  /** Where the embedded database and the generated secret live. */
  readonly dataDir: string;
  /** A MongoDB replica set to use; absent, the embedded database is used. */
  readonly mongoUri: string | undefined;
  /** The Redis through which several processes on one MongoDB tell each other; absent, this is the only process. */
  readonly redisUrl: string | undefined;
  /** The key that signs tokens; absent, one is generated and kept in `dataDir`. See `signing-secret`. */
  readonly jwtSecret: string | undefined;
  /** Days that a sign-in lasts. */
  readonly tokenDays: number;
  /** Whether sign-in, sign-up, search and the like are limited. Off only for load tests. */
  readonly rateLimits: boolean;
  /** Origins whose pages may open the gateway, such as `https://chat.example.org`; empty: only the server's own. */
  readonly allowedOrigins: readonly string[];
  readonly showPhones: ShowPhones;
  /** The country of phone numbers that are typed without a country code. */
  readonly defaultCountry: CountryCode;
  /** How many proxies stand before the server and are believed about the caller's address. */
  readonly trustProxy: number;
  readonly logLevel: LogLevel;
  /** `pretty` by default where somebody looks on (a terminal), `json` for machines. */
  readonly logFormat: 'json' | 'pretty';
  /** What a reader of `/metrics` has to show; absent, only callers on this machine may read it. */
  readonly metricsToken: string | undefined;
  readonly connectionsPerAddress: number;
  readonly connectionsPerUser: number;
  /** Bytes that may wait for one slow reader before its connection is closed with 4429. */
  readonly queueBytes: number;
  /** Milliseconds of silence after which a connection is pinged, and dropped when no answer comes in as long again. */
  readonly heartbeatMs: number;
  /** Milliseconds that a new connection has for `authenticate`. */
  readonly authenticateWithinMs: number;
  /** Milliseconds after which somebody whose last connection has gone is told to be offline. */
  readonly offlineAfterMs: number;

  private constructor(read: EnvironmentReader) {
    this.production = read.text('NODE_ENV') === 'production';
    this.port = read.whole('PORT', 6789, 0, 65_535);
    this.host = read.text('HOST') ?? '0.0.0.0';
    this.dataDir = read.text('DATA_DIR') ?? './data';
    this.mongoUri = read.matching('MONGO_URI', /^mongodb(\+srv)?:\/\/\S+$/, 'an address such as mongodb://host/parley');
    this.redisUrl = read.matching('REDIS_URL', /^rediss?:\/\/\S+$/, 'an address such as redis://host:6379');
    if (this.redisUrl !== undefined && this.mongoUri === undefined)
      throw new ConfigError('MONGO_URI', 'set where REDIS_URL is: several processes need a database that all reach');
    this.jwtSecret = this.readSecret(read);
    this.tokenDays = read.whole('TOKEN_DAYS', 30, 1, 3_650);
    this.rateLimits = read.choice('RATE_LIMITS', ['on', 'off'], 'on') === 'on';
    this.allowedOrigins = read.origins('ALLOWED_ORIGINS');
    this.showPhones = read.choice('SHOW_PHONES', ['contacts', 'all', 'none'], 'contacts');
    this.defaultCountry = readCountry(read);
    this.trustProxy = read.whole('TRUST_PROXY', 0, 0, 16);
    this.logLevel = read.choice('LOG_LEVEL', LOG_LEVELS, 'info');
    this.logFormat = read.choice('LOG_FORMAT', ['json', 'pretty'], process.stdout.isTTY ? 'pretty' : 'json');
    this.metricsToken = read.text('METRICS_TOKEN');
    this.connectionsPerAddress = read.whole('CONNECTIONS_PER_ADDRESS', 1_000, 1, 1_000_000);
    this.connectionsPerUser = read.whole('CONNECTIONS_PER_USER', 20, 1, 1_000_000);
    this.queueBytes = read.whole('QUEUE_BYTES', 4 * 1024 * 1024, 64 * 1024, 1024 * 1024 * 1024);
    this.heartbeatMs = read.whole('HEARTBEAT_MS', HEARTBEAT_MS, 50, 3_600_000);
    this.authenticateWithinMs = read.whole('AUTHENTICATE_WITHIN_MS', AUTHENTICATE_WITHIN_MS, 50, 600_000);
    this.offlineAfterMs = read.whole('OFFLINE_AFTER_MS', 15_000, 0, 600_000);
  }

  /**
   * The configuration that the variables ask for; what is absent or empty has its default.
   * @throws ConfigError with one line that names the variable and says what is asked for.
   */
  static from(environment: Environment): ParleyConfig {
    return new ParleyConfig(new EnvironmentReader(environment));
  }

  /** As `from`, for this process's own environment. */
  static read(): ParleyConfig {
    return ParleyConfig.from(process.env);
  }

  private readSecret(read: EnvironmentReader): string | undefined {
    const secret = read.text('JWT_SECRET');
    if (secret === undefined || !this.production) return secret;
    if (secret.length < 32 || SAMPLE.test(secret) || new Set(secret).size < 8) {
      throw new ConfigError(
        'JWT_SECRET',
        'at least 32 random characters in production, such as `openssl rand -hex 32` gives',
      );
    }
    return secret;
  }
}

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const SAMPLE = /secret|change.?me|example|sample|password|parley|default|test/i;

function readCountry(read: EnvironmentReader): CountryCode {
  const country = (read.text('DEFAULT_COUNTRY') ?? 'VN').toUpperCase();
  if (!isSupportedCountry(country))
    throw new ConfigError('DEFAULT_COUNTRY', 'a country code of two letters, such as VN');
  return country;
}
