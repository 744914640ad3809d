import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { asBuffer } from '../bson/decode';
import { Binary, doc, type Doc } from '../bson/values';
import { CommandFailure, failureReply } from '../failure';
import { MAX_MESSAGE } from './frames';

/** The one user of a server that listens on a TCP port. */
export interface Credentials {
  user: string;
  password: string;
}

/** What the server knows of its user: it can check a password, and nobody can sign in with what is here. */
export interface StoredCredentials {
  user: string;
  salt: Buffer;
  storedKey: Buffer;
  serverKey: Buffer;
}

const MECHANISM = 'SCRAM-SHA-256';
const ITERATIONS = 15_000;
const LONGEST_BEFORE = 16 * 1024;
const OPEN_TO_ALL: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions', 'buildInfo']);

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ b[i]!));

/** What RFC 5802 has a server keep. */
export function storeCredentials({ user, password }: Credentials): StoredCredentials {
  const salt = randomBytes(28);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  return { user, salt, storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

interface Conversation {
  /** The client's first message without its header, and the server's. */
  first: string;
  nonce: string;
  known: boolean;
}

/** Signs one connection in by SCRAM-SHA-256 (RFC 7677), and refuses every other command before that. */
export class Authentication {
  private conversation: Conversation | undefined;
  private signedIn = false;

  constructor(private readonly stored: StoredCredentials) {}

  get longestFrame(): number {
    return this.signedIn ? MAX_MESSAGE : LONGEST_BEFORE;
  }

  /** The reply to a command that is answered here; undefined for a command that may be run. */
  answer(body: Doc): Doc | undefined {
    const name = body.keys().next().value ?? '';
    try {
      if (name === 'saslStart') return this.start(body);
      if (name === 'saslContinue') return this.finish(body);
      if (name === 'backup') throw new CommandFailure(13, 'backup is taken only through the Unix socket');
      if (this.signedIn || OPEN_TO_ALL.has(name)) return undefined;
      throw new CommandFailure(13, `command ${name} requires authentication`);
    } catch (error) {
      return failureReply(error);
    }
  }

  /** Adds to a reply to the handshake how one signs in. */
  complete<T>(reply: T | Doc): T | Doc {
    if (reply instanceof Map && reply.has('maxWireVersion')) reply.set('saslSupportedMechs', [MECHANISM]);
    return reply;
  }

  private start(body: Doc): Doc {
    this.signedIn = false;
    if (body.get('mechanism') !== MECHANISM) throw new CommandFailure(334, `only ${MECHANISM} is supported`);
    const bare = payloadOf(body).replace(/^n,[^,]*,/, '');
    const { n: user = '', r: theirs = '' } = attributes(bare);
    const nonce = theirs + randomBytes(24).toString('base64');
    const known = theirs !== '' && user.replaceAll('=2C', ',').replaceAll('=3D', '=') === this.stored.user;
    const ours = `r=${nonce},s=${this.stored.salt.toString('base64')},i=${ITERATIONS}`;
    this.conversation = { first: `${bare},${ours}`, nonce, known };
    return step(ours, false);
  }

  private finish(body: Doc): Doc {
    const conversation = this.conversation;
    this.conversation = undefined;
    const final = payloadOf(body);
    if (this.signedIn && final === '') return step('', true);
    const { c: binding = '', r: nonce, p: proof = '' } = attributes(final);
    const message = `${conversation?.first},${final.slice(0, final.lastIndexOf(',p='))}`;
    const signature = hmac(this.stored.storedKey, message);
    const given = Buffer.from(proof, 'base64');
    const proven = given.length === 32 && timingSafeEqual(sha256(xor(given, signature)), this.stored.storedKey);
    if (!proven || !conversation?.known || nonce !== conversation.nonce || binding !== 'biws')
      throw new CommandFailure(18, 'Authentication failed.');
    this.signedIn = true;
    return step(`v=${hmac(this.stored.serverKey, message).toString('base64')}`, true);
  }
}

function step(payload: string, done: boolean): Doc {
  return doc({ conversationId: 1, done, payload: new Binary(Buffer.from(payload)), ok: 1 });
}

function payloadOf(body: Doc): string {
  const payload = body.get('payload');
  if (!(payload instanceof Binary)) throw new CommandFailure(18, 'Authentication failed.');
  return asBuffer(payload.buffer).toString('utf8', 0, payload.position);
}

function attributes(message: string): Partial<Record<string, string>> {
  return Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}
