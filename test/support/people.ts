import type { EventEnvelope, EventName, Events, Me, Posted, SignedIn } from '@parley/contract';
import { ChatClient, type ChatClientOptions, type Fault, RestClient } from '@parley/sdk';
import { nodeSocket } from '@parley/sdk/node';
import { randomInt } from 'node:crypto';
import { filter, firstValueFrom } from 'rxjs';
import { ChatPeer } from './chat-peer';
import { within } from './deadline';
import { Recording } from './recording';

/** Where a server is. */
export interface Address {
  /** Of REST, without `/api`. */
  readonly url: string;
  readonly gatewayUrl: string;
}

/** What everybody's password is, unless a test says otherwise. */
export const PASSWORD = 'correct horse battery';

const EVENTS: readonly EventName[] = [
  'messagePosted',
  'messageReacted',
  'system',
  'roomAdded',
  'roomRemoved',
  'roomRead',
  'meChanged',
  'presenceChanged',
  'typing',
];

let numbers = randomInt(1_000_000);

/** A valid phone number that nobody has yet, as E.164. */
export function freshPhone(): string {
  numbers = (numbers + 1) % 10_000_000;
  return `+8491${String(numbers).padStart(7, '0')}`;
}

/** How a person's client of the sdk is made: quick to come back, as tests have no minute to wait. */
const QUICK: ChatClientOptions = { socket: nodeSocket(), backoff: { firstMs: 20, maxMs: 100 }, random: () => 0.5 };

/** Somebody who is signed in: at one device, which is one session. What they do and hear are verbs. */
export class Person {
  readonly rest: RestClient;
  readonly heard = new Recording<EventEnvelope>();
  readonly faults: Fault[] = [];
  private readonly open: { cleanUp(): void }[] = [];
  private client: ChatClient | undefined;

  private constructor(
    private readonly address: Address,
    readonly me: Me,
    readonly token: string,
    readonly password: string,
  ) {
    this.rest = new RestClient({ url: address.url, token: () => token });
  }

  /** Signs up with a fresh number, and signs in. */
  static async signsUp(address: Address, name: string, phone = freshPhone(), password = PASSWORD): Promise<Person> {
    await new RestClient({ url: address.url }).signUp({ name, phone, password });
    return Person.signsIn(address, phone, password);
  }

  /** Signs in to an account that there is. */
  static async signsIn(address: Address, phone: string, password = PASSWORD): Promise<Person> {
    return Person.holds(address, await new RestClient({ url: address.url }).signIn({ phone, password }), password);
  }

  /** Somebody who has been signed in already. */
  static holds(address: Address, { user, token }: Pick<SignedIn, 'user' | 'token'>, password = PASSWORD): Person {
    return new Person(address, user, token, password);
  }

  get id(): string {
    return this.me.id;
  }

  get phone(): string {
    return this.me.phone;
  }

  get name(): string {
    return this.me.name;
  }

  /** The same person, signed in once more: another session. */
  async onAnotherDevice(): Promise<Person> {
    const other = await Person.signsIn(this.address, this.phone, this.password);
    this.open.push({ cleanUp: () => other.hangsUp() });
    return other;
  }

  /** This device's client of the sdk; `connects` first. */
  get chat(): ChatClient {
    if (!this.client) throw new Error(`${this.name} has not connected.`);
    return this.client;
  }

  /** Connects by the sdk, and hears from then on. */
  async connects(options: ChatClientOptions = {}): Promise<ChatClient> {
    const client = new ChatClient({ source: this.rest, ...QUICK, ...options });
    this.client = client;
    this.open.push({ cleanUp: () => client.close() });
    client.faults$.subscribe((fault) => this.faults.push(fault));
    for (const event of EVENTS) {
      client.on(event).subscribe((data) => this.heard.add({ event, data } as EventEnvelope));
    }
    await within(
      `${this.name}'s welcome`,
      client.connect(this.address.gatewayUrl, () => this.token),
    );
    return client;
  }

  /** Waits until the sdk's client is online, for example again. */
  async isOnline(): Promise<void> {
    this.chat.retryNow();
    const online = firstValueFrom(this.chat.state$.pipe(filter(({ status }) => status === 'online')));
    await within(`${this.name} online`, online);
  }

  /** Waits until the sdk's client has given up for good; why. */
  async isClosed(): Promise<string> {
    const closed = this.chat.state$.pipe(filter((state) => state.status === 'closed'));
    return (await within(`${this.name} closed`, firstValueFrom(closed))).reason;
  }

  /** Opens a bare socket that has not signed in. */
  async opensSocket(): Promise<ChatPeer> {
    const peer = await ChatPeer.opens(this.address.gatewayUrl);
    this.open.push({ cleanUp: () => peer.cuts() });
    return peer;
  }

  /** Opens a bare socket and signs it in. */
  async opensPeer(): Promise<ChatPeer> {
    const peer = await this.opensSocket();
    await peer.authenticates(this.token);
    return peer;
  }

  /** Posts a message through the sdk's outbox, or by REST where there is no connection. */
  says(room: { id: string }, text: string): Promise<Posted> {
    if (this.client) return this.client.postMessage({ room: room.id, text });
    return this.rest.postMessage({ room: room.id, clientId: crypto.randomUUID(), text });
  }

  /** The first event of a name, of those that came or are to come, whose data is wanted. */
  async hears<E extends EventName>(name: E, wanted: (data: Events[E]) => boolean = () => true): Promise<Events[E]> {
    const isWanted = ({ event, data }: EventEnvelope): boolean => event === name && wanted(data as Events[E]);
    return (await this.heard.first(`${this.name} hears ${name}`, isWanted)).data as Events[E];
  }

  /** Closes every connection of this person that was opened through here. */
  hangsUp(): void {
    for (const each of this.open) each.cleanUp();
  }
}
