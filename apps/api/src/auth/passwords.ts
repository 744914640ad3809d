import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Semaphore } from '../common/semaphore';

/** argon2id as OWASP recommends it: 19 MiB, two passes, one lane; 35 ms of one core. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** At once: one thread of libuv's four stays free for the file system. */
const AT_ONCE = 3;
/** More than this would wait for seconds: they are told to come again. */
const WAITING = 200;

/** Hashes and checks passwords, a few at once, so that a burst costs time and not memory. */
@Injectable()
export class Passwords {
  private readonly turns = new Semaphore(AT_ONCE, WAITING);
  /** The hash of a password that nobody knows, with the parameters of every other. */
  private readonly nobodys = this.hash(randomBytes(32).toString('base64'));

  /** @returns an encoded argon2id hash, salt and parameters included. */
  hash(password: string): Promise<string> {
    return this.turns.run(() => hash(password, PARAMETERS));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash, because there is no such account, the answer is
   * no, and takes as long.
   */
  async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    const against = passwordHash ?? (await this.nobodys);
    const same = await this.turns.run(() => verify(against, password));
    return same && passwordHash !== undefined;
  }
}
