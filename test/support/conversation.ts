import type { ServerEnvelope } from '@parley/contract';
import type { Parley } from './app-harness';
import type { ChatPeer } from './chat-peer';
import type { Markdown } from './markdown';
import { type Person } from './people';

const STEP = /^(\w+) (connects|sends|receives|signs out)\b.*?(\d{4})?[.:]\n(?:\n```json\n([\s\S]*?)\n```$)?/gm;
const ID = /\b[0-9a-f]{24}\b/g;

/** What one side of a written conversation is, with what the server really said beside what is written. */
interface Side {
  person: Person;
  peer: ChatPeer;
  heard: number;
}

/** Has a conversation that is written down in Markdown with a real server, and notes where the server says otherwise. */
export class Conversation {
  readonly written: unknown[] = [];
  readonly real: unknown[] = [];
  private readonly sides = new Map<string, Side>();
  /** By what is written, and by what is real. */
  private readonly realIds = new Map<string, string>();
  private readonly writtenIds = new Map<string, string>();

  private constructor(private readonly parley: Parley) {}

  static async replay(parley: Parley, { text }: Markdown, people: readonly Person[]): Promise<Conversation> {
    const conversation = new Conversation(parley);
    for (const [, name, did, closeCode, frame] of text.matchAll(STEP)) {
      const person = people.find((each) => each.name === name)!;
      await conversation.step(person, did!, frame ?? closeCode ?? '');
    }
    return conversation;
  }

  private async step(person: Person, did: string, what: string): Promise<void> {
    if (did === 'connects') return this.connect(person);
    const side = this.sides.get(person.name)!;
    if (did === 'sends') side.peer.sendsRaw(this.asReal(JSON.stringify(JSON.parse(what)), person));
    else if (did === 'receives') await this.compare(side, what);
    else await this.signOut(side, Number(what));
  }

  private async connect(person: Person): Promise<void> {
    this.sides.get(person.name)?.peer.cuts();
    this.sides.set(person.name, { person, peer: await this.parley.peer(), heard: 0 });
  }

  private async compare(side: Side, frame: string): Promise<void> {
    const written = [JSON.parse(frame) as ServerEnvelope | ServerEnvelope[]].flat();
    const until = side.heard + written.length;
    const all = await side.peer.envelopes.several(`what ${side.person.name} receives`, until);
    const real = all.slice(side.heard, until);
    side.heard = until;
    this.learn(JSON.stringify(written), JSON.stringify(real));
    this.written.push(comparable(JSON.stringify(written)));
    this.real.push(comparable(JSON.stringify(real).replace(ID, (id) => this.writtenIds.get(id) ?? id)));
  }

  private async signOut({ person, peer }: Side, closeCode: number): Promise<void> {
    await person.rest.signOut();
    this.written.push(closeCode);
    this.real.push((await peer.closes()).code);
  }

  /** Ids stand at the same places in both: which is which is known from where it is first seen. */
  private learn(written: string, real: string): void {
    const reals = real.match(ID) ?? [];
    (written.match(ID) ?? []).forEach((id, at) => {
      if (this.realIds.has(id) || reals[at] === undefined) return;
      this.realIds.set(id, reals[at]);
      this.writtenIds.set(reals[at], id);
    });
  }

  private asReal(frame: string, { token }: Person): string {
    const withToken = frame.replace(/"token":"[^"]*"/, () => `"token":"${token}"`);
    return withToken.replace(ID, (id) => this.realIds.get(id) ?? id);
  }
}

/** Without what differs from run to run, and without the limits, which are shown elsewhere. */
function comparable(json: string): unknown {
  const timeless = json.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'a time');
  return JSON.parse(timeless.replace(/"limits":\{[^}]*\}/g, '"limits":{}'));
}
