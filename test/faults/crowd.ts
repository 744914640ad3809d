import type { Id, LogEntry, MyRoom, Posted } from '@parley/contract';
import { head, type RoomState } from '@parley/sdk';
import { filter, firstValueFrom } from 'rxjs';
import type { ClusterNode } from '../support/cluster';
import { soon, within } from '../support/deadline';
import { Person } from '../support/people';

/** Everything is over within so many milliseconds of a fault's end; spent only where a test fails. */
const PATIENCE_MS = 90_000;

const PEOPLE_PER_NODE = 2;
const ROOMS = 3;

/** A message that somebody wrote, and the reply that came in the end. */
interface Written {
  room: Id;
  author: Id;
  text: string;
  posted?: Posted;
}

/** People at several nodes, who write to the same rooms through the sdk, come and go, and compare what they saw. */
export class Crowd {
  private readonly people: readonly Person[];
  private readonly seen = new Map<Person, Map<Id, number[]>>();
  private readonly answered = new Map<ClusterNode, number>();
  private readonly listeners = new Set<() => void>();
  private rooms: Id[] = [];
  /** A room that people only come to and leave. */
  private lobby = '';
  private written: Written[] = [];
  private busy: Promise<unknown>[] = [];
  private writing = false;

  private constructor(private readonly nodeOf: ReadonlyMap<Person, ClusterNode>) {
    this.people = [...nodeOf.keys()];
  }

  /** People sign up at these nodes, and connect. */
  static async gathers(nodes: readonly ClusterNode[]): Promise<Crowd> {
    const nodeOf = new Map<Person, ClusterNode>();
    for (const node of nodes) {
      for (let count = 0; count < PEOPLE_PER_NODE; count++) nodeOf.set(await Person.signsUp(node, 'One'), node);
    }
    const crowd = new Crowd(nodeOf);
    for (const person of crowd.people) await crowd.connects(person);
    return crowd;
  }

  disperses(): void {
    for (const person of this.people) person.hangsUp();
  }

  /** Everybody writes, one message after another to each of some new rooms, and comes to another one and leaves it. */
  async begins(): Promise<void> {
    const users = this.people.map(({ id }) => id);
    const name = (): string => crypto.randomUUID();
    const makes = ({ rest }: Person) => soon(() => rest.createRoom({ name: name(), users }));
    this.rooms = (await Promise.all(this.people.slice(0, ROOMS).map(makes))).map(({ id }) => id);
    this.lobby = (await soon(() => this.people[0]!.rest.createRoom({ name: name() }))).id;
    const known = (person: Person) => this.rooms.map((room) => soon(() => person.rest.room(room)));
    await Promise.all(this.people.flatMap(known));
    this.written = [];
    this.writing = true;
    const writers = this.people.flatMap((person) => this.rooms.map((room) => this.writes(person, room)));
    this.busy = [...writers, ...this.people.slice(1).map((person) => this.comesAndGoes(person))];
  }

  /** Resolves when those at each of these nodes have had so many answers from now on. */
  answers(count: number, nodes: readonly ClusterNode[]): Promise<void> {
    const wanted = nodes.map((node) => [node, this.answersAt(node) + count] as const);
    const missing = () => wanted.filter(([node, goal]) => this.answersAt(node) < goal);
    const left = () => missing().map(([node, goal]) => `${node.url} has ${this.answersAt(node)} of ${goal}`);
    const reached = this.until(() => missing().length === 0);
    return within(() => `answers: ${left().join(', ')}`, reached, PATIENCE_MS);
  }

  /** Nobody writes anything new; what was written has been answered. */
  async comesToRest(): Promise<void> {
    this.writing = false;
    this.tellListeners();
    const open = () => this.written.filter(({ posted }) => !posted).length;
    await within(() => `all answers; ${open()} are open`, Promise.all(this.busy), PATIENCE_MS);
  }

  /** What everybody was told is what is there; every node says the same; everybody's state is that of a fresh fetch. */
  async agrees(): Promise<void> {
    for (const room of this.rooms) {
      const log = await this.logAt(this.people[0]!, room);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      const written = this.written.filter((each) => each.room === room);
      const bySeq = written.sort((a, b) => a.posted!.seq - b.posted!.seq);
      expect(bySeq.map(({ posted, author, text }) => `${posted!.seq} ${author} ${text}`)).toEqual(log.map(placeOf));
      for (const person of this.people) await this.knows(person, room, log);
    }
    await within('all nodes to agree about who is in the lobby', this.agreeAboutLobby(), PATIENCE_MS);
  }

  private answersAt(node: ClusterNode): number {
    return this.answered.get(node) ?? 0;
  }

  private until(done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const listener = (): void => {
        if (!done()) return;
        this.listeners.delete(listener);
        resolve();
      };
      this.listeners.add(listener);
      listener();
    });
  }

  private tellListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private async connects(person: Person): Promise<void> {
    const seen = new Map<Id, number[]>();
    this.seen.set(person, seen);
    const client = await person.connects({ keepEntries: 1_000_000 });
    client.entries$.subscribe(({ room, seq }) => {
      if (!seen.has(room)) seen.set(room, []);
      seen.get(room)!.push(seq);
    });
  }

  private async writes(person: Person, room: Id): Promise<void> {
    const node = this.nodeOf.get(person)!;
    while (this.writing) {
      const written: Written = { room, author: person.id, text: crypto.randomUUID() };
      this.written.push(written);
      written.posted = await person.says({ id: room }, written.text);
      this.answered.set(node, this.answersAt(node) + 1);
      this.tellListeners();
    }
  }

  private async comesAndGoes(person: Person): Promise<void> {
    const node = this.nodeOf.get(person)!;
    for (let turn = 0; this.writing; turn++) {
      await person.chat.send(turn % 2 ? 'leaveRoom' : 'joinRoom', { room: this.lobby }).catch(() => undefined);
      const goal = this.answersAt(node) + 10;
      await this.until(() => !this.writing || this.answersAt(node) >= goal);
    }
  }

  private async logAt(person: Person, room: Id): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    for (let more = true; more;) {
      const page = await person.rest.log(room, { after: entries.length, limit: 100 });
      entries.push(...page.entries);
      more = page.more;
    }
    return entries;
  }

  /** The person's client has the whole log, and saw each entry once, in order. */
  private async knows(person: Person, room: Id, log: readonly LogEntry[]): Promise<void> {
    const whole = (state: RoomState | undefined) =>
      state !== undefined && head(state) >= log.length && state.room.seq >= log.length;
    const what = () =>
      `entry ${log.length}; ${this.seen.get(person)?.get(room)?.at(-1)} was the last, ${person.chat.state.status}`;
    const state = await within(what, firstValueFrom(person.chat.room$(room).pipe(filter(whole))), PATIENCE_MS);
    expect(state!.entries.map(lineOf)).toEqual(log.slice(state!.base).map(lineOf));
    // Who was away for long gets the newest page instead of all that was missed, and goes on from there.
    const seqs = this.seen.get(person)!.get(room)!;
    const { base } = state!;
    expect(seqs.filter((seq) => seq > base)).toEqual(log.slice(base).map(({ seq }) => seq));
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    // What is unread the server counts among the newest only, and somebody may have written nearly all of these.
    await within('the read mark', person.chat.markRead(room, log.length), PATIENCE_MS);
    expect(comparable(person.chat.room(room)!.room)).toEqual(comparable((await person.rest.room(room)) as MyRoom));
  }

  /** Whoever asks whichever node gets the same. */
  private async agreeAboutLobby(): Promise<void> {
    const asks = async ({ rest }: Person): Promise<number> => (await rest.room(this.lobby)).user_count;
    while (new Set(await Promise.all(this.people.map(asks))).size > 1);
  }
}

/** A room as its state and a fetch both show it; other people's numbers come with the fetch only. */
function comparable({ users, last, ...room }: RoomState['room']): object {
  return { ...room, last: last?.id, users: users.map(({ id, name, role, joined_at }) => [id, name, role, joined_at]) };
}

function placeOf(entry: LogEntry): string {
  if (entry.type === 'message') return `${entry.seq} ${entry.sender.id} ${entry.text}`;
  return entry.type === 'system' ? `${entry.seq} ${entry.event}` : `${entry.seq} ${entry.user.id} ${entry.emoji}`;
}

function lineOf(entry: LogEntry): string {
  const { clientId: _own, ...rest } = entry as LogEntry & { clientId?: string };
  return JSON.stringify(rest);
}
