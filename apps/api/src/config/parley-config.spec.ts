import { ConfigError } from './environment-reader';
import { ParleyConfig } from './parley-config';

const lineOf = (environment: Record<string, string>): string => {
  try {
    ParleyConfig.from(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'accepted';
};

describe('ParleyConfig', () => {
  it('has a default for everything, and takes empty for absent', () => {
    const config = ParleyConfig.from({ PORT: '', MONGO_URI: ' ' });
    expect(config).toMatchObject({
      port: 6789,
      host: '0.0.0.0',
      dataDir: './data',
      mongoUri: undefined,
      jwtSecret: undefined,
      tokenDays: 30,
      rateLimits: true,
      allowedOrigins: [],
      showPhones: 'contacts',
      defaultCountry: 'VN',
      trustProxy: 0,
    });
  });

  it('reads what is set', () => {
    const config = ParleyConfig.from({
      PORT: '0',
      RATE_LIMITS: 'off',
      ALLOWED_ORIGINS: 'https://chat.example.org, http://localhost:4200/',
      DEFAULT_COUNTRY: 'de',
      SHOW_PHONES: 'none',
    });
    expect(config).toMatchObject({ port: 0, rateLimits: false, defaultCountry: 'DE', showPhones: 'none' });
    expect(config.allowedOrigins).toEqual(['https://chat.example.org', 'http://localhost:4200']);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '1e3'],
    ['PORT', '-1'],
    ['PORT', '6789; rm'],
    ['TOKEN_DAYS', '0'],
    ['RATE_LIMITS', 'maybe'],
    ['SHOW_PHONES', 'some'],
    ['DEFAULT_COUNTRY', 'XX'],
    ['ALLOWED_ORIGINS', 'https://a.example/path'],
    ['ALLOWED_ORIGINS', '*'],
    ['MONGO_URI', 'http://localhost'],
    ['LOG_LEVEL', 'loud'],
    ['QUEUE_BYTES', '1'],
  ])('refuses %s=%s in one line that names it', (variable, value) => {
    const line = lineOf({ [variable]: value });
    expect(line).toMatch(new RegExp(`^${variable} must be [^\\n]+\\.$`));
  });

  it('takes weak secrets in development only, and does not repeat them', () => {
    for (const JWT_SECRET of ['short', 'please-change-me-please-change-me-please', 'a'.repeat(64)]) {
      expect(lineOf({ JWT_SECRET })).toBe('accepted');
      const line = lineOf({ JWT_SECRET, NODE_ENV: 'production' });
      expect(line).toMatch(/^JWT_SECRET must be/);
      expect(line).not.toContain(JWT_SECRET);
    }
    expect(lineOf({ JWT_SECRET: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b', NODE_ENV: 'production' })).toBe('accepted');
    expect(lineOf({ NODE_ENV: 'production' })).toBe('accepted');
  });
});
