import type { Room } from '@parley/contract';
import { type Browser, chromium } from 'playwright-core';
import { MortalServer } from '../../faults/mortal-server';
import { Person } from '../../support/people';
import { type Look, USUAL_LOOK } from './look';
import { Visitor } from './visitor';

const CHROMIUM = {
  executablePath: '/usr/bin/chromium-headless-shell',
  chromiumSandbox: false,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Two people who have each other's private chat open. */
export interface Pair {
  an: Visitor;
  binh: Visitor;
  room: Room;
}

/** A server as its operator runs it, with the client that was built, and a browser. */
export class Site {
  private browser: Browser | undefined;
  private visitors: Visitor[] = [];
  private readonly people: Person[] = [];

  constructor(readonly server = new MortalServer()) {}

  async opens(): Promise<void> {
    [this.browser] = await Promise.all([chromium.launch(CHROMIUM), this.server.starts()]);
  }

  /** Somebody new, by REST. Who is only talked to needs no browser: see the verbs of `Person`. */
  async person(name: string): Promise<Person> {
    const person = await Person.signsUp(this.server, name);
    this.people.push(person);
    return person;
  }

  /** Somebody at a browser who is not signed in. */
  visitor(look: Partial<Look> = {}): Promise<Visitor> {
    return this.seat(look);
  }

  /** Somebody at a browser who is signed in: a person that there is, or a new one of that name. */
  async member(who: string | Person, look: Partial<Look> = {}): Promise<Visitor> {
    return this.seat(look, typeof who === 'string' ? await this.person(who) : who);
  }

  /** Two new people, each at a browser with the chat of the two open. */
  async twoPeopleTalking(look: Partial<Look> = {}, lookOfOther = look): Promise<Pair> {
    const [an, binh] = await Promise.all([this.member('An', look), this.member('Bình', lookOfOther)]);
    const room = await an.person.rest.openPrivateRoom({ user: binh.person.id });
    await Promise.all([an, binh].map((visitor) => visitor.goesTo(`/chat/${room.id}`)));
    return { an, binh, room };
  }

  /** The end of a test: everybody leaves, and what their pages complained of is told. */
  async isEmptied(): Promise<void> {
    const complaints = (await this.sendHome()).flatMap(({ complaints }) => complaints.unexpected);
    if (complaints.length > 0) throw new Error(`Pages complained:\n${complaints.join('\n')}`);
  }

  async closes(): Promise<void> {
    await this.sendHome();
    for (const person of this.people) person.hangsUp();
    await this.browser?.close();
    await this.server.isGone();
  }

  private async sendHome(): Promise<Visitor[]> {
    const visitors = this.visitors.splice(0);
    await Promise.all(visitors.map((visitor) => visitor.leaves()));
    return visitors;
  }

  private async seat(look: Partial<Look>, account?: Person): Promise<Visitor> {
    if (!this.browser) throw new Error('The site is not open yet.');
    const port = Number(new URL(this.server.url).port);
    const visitor = await Visitor.arrives(this.browser, port, { ...USUAL_LOOK, ...look }, account);
    this.visitors.push(visitor);
    return visitor;
  }
}

/** One server and one browser for a spec file; everybody leaves after each test. Call it at the top of a `describe`. */
export function useSite(server?: MortalServer): Site {
  const site = new Site(server);
  beforeAll(() => site.opens());
  afterEach(() => site.isEmptied());
  afterAll(() => site.closes());
  return site;
}
