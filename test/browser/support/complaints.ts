import type { BrowserContext } from 'playwright-core';
import { Recording } from '../../support/recording';

/** What the browser says when it has no connection. */
const NO_CONNECTION = /net::ERR_|WebSocket connection to/;

/**
 * What pages complain of: exceptions that nobody caught, errors in the console, and with these whatever the
 * Content-Security-Policy has refused. A test fails for each that it has not said to expect.
 */
export class Complaints {
  private readonly heard = new Recording<string>();
  private readonly expected: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on('weberror', (error) => this.heard.add(`Exception: ${String(error.error().stack)}`));
    context.on('console', (message) => {
      if (message.type() === 'error') this.heard.add(`Console: ${message.text()} (${message.location().url})`);
    });
  }

  /** From the beginning to the end of a test, complaints that match are as it should be. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Without a connection browsers complain of each request. */
  expectNoConnection(): void {
    this.expect(NO_CONNECTION);
  }

  /** Waits until one that matches has come. */
  async come(pattern: RegExp): Promise<void> {
    await this.heard.first(`a complaint like ${pattern}`, (complaint) => pattern.test(complaint));
  }

  /** What nobody has expected. */
  get unexpected(): readonly string[] {
    return this.heard.all.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
  }
}
