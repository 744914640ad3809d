/** Variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable is not as it must be. The message is one line for the operator and does not repeat the value. */
export class ConfigError extends Error {
  constructor(variable: string, asked: string) {
    super(`${variable} must be ${asked}.`);
    this.name = 'ConfigError';
  }
}

/** Reads single variables strictly. An empty one counts as absent, as Compose files pass them on. */
export class EnvironmentReader {
  constructor(private readonly environment: Environment) {}

  /** The text, trimmed; undefined when absent or empty. */
  text(variable: string): string | undefined {
    const value = this.environment[variable]?.trim();
    return value === '' ? undefined : value;
  }

  /** A text of a certain form; undefined when absent. */
  matching(variable: string, pattern: RegExp, asked: string): string | undefined {
    const value = this.text(variable);
    if (value !== undefined && !pattern.test(value)) throw new ConfigError(variable, asked);
    return value;
  }

  /** A whole number within its bounds. */
  whole(variable: string, otherwise: number, min: number, max: number): number {
    const text = this.text(variable);
    if (text === undefined) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new ConfigError(variable, `a whole number from ${min} to ${max}`);
    return value;
  }

  /** One of several words. */
  choice<T extends string>(variable: string, words: readonly T[], otherwise: T): T {
    const text = this.text(variable) ?? otherwise;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new ConfigError(variable, `one of ${words.join(', ')}`);
    return word;
  }

  /** Web origins, separated by commas. */
  origins(variable: string): string[] {
    const parts = (this.text(variable) ?? '').split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '').map((part) => originOf(variable, part));
  }
}

function originOf(variable: string, text: string): string {
  const origin = /^https?:\/\/[^/\s]+\/?$/.test(text) && URL.canParse(text) ? new URL(text).origin : undefined;
  if (origin === undefined)
    throw new ConfigError(variable, 'origins such as https://chat.example.org, separated by commas');
  return origin;
}
