import type { Id, MyRoom } from '@parley/contract';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../../support/people';
import type { Deed } from './decisions';
import type { Device } from './device';

/** What the devices of a run share: who is there, and which room is in which slot. */
export interface Stage {
  slots: (Id | undefined)[];
  people: readonly Person[];
}

const IN_FLIGHT = 8;
const SHORT = ' says hello';
const LONG = '語'.repeat(3_000);

/** Carries out what a device decides. */
export class Deeds {
  private count = 0;

  constructor(
    private readonly device: Device,
    private readonly stage: Stage,
  ) {}

  async carryOut(deed: Deed): Promise<unknown> {
    switch (deed.do) {
      case 'post':
        return this.post(deed.slot, deed.count, deed.long);
      case 'react':
        return this.react(deed);
      case 'repeat':
        return this.repeat(deed.back);
      case 'create':
        return this.create(deed);
      case 'open private':
        return this.openPrivate(deed.person);
      case 'sync':
        return this.device.ask('sync', { seen: Object.fromEntries(this.device.seen) });
      case 'drop':
        return this.device.drop(deed.node);
      case 'stop reading':
        return this.stopReading(deed.forMs);
      case 'sign out':
        return this.device.signOut();
      default:
        return this.visit(deed.do, this.stage.slots[deed.slot]);
    }
  }

  /** Posts without waiting for the answers, but for so many at once. */
  private async post(slot: number, count: number, long: boolean): Promise<void> {
    const room = this.stage.slots[slot];
    if (room === undefined) return;
    const posts = Array.from({ length: count }, () => this.postOne(room, long ? LONG : SHORT));
    if (this.device.unanswered.size > IN_FLIGHT) await Promise.all(posts);
  }

  private postOne(room: Id, words: string): Promise<void> {
    const clientId = `${this.device.name}-${++this.count}`;
    const message = { room, clientId, text: `${clientId}${words}` };
    this.device.posted.push(message);
    return this.device.post(message);
  }

  private async react({ slot, back, emoji, on, times }: Extract<Deed, { do: 'react' }>): Promise<void> {
    const room = this.stage.slots[slot];
    const to = room === undefined ? 0 : (this.device.seen.get(room) ?? 0) - back;
    if (room === undefined || to <= 0) return;
    await Promise.all(Array.from({ length: times }, () => this.device.ask('react', { room, to, emoji, on })));
  }

  private repeat(back: number): Promise<void> | undefined {
    const message = this.device.posted.at(-1 - back);
    return message && this.device.post(message);
  }

  /** Names are given out once: a name tells the checker who founded the room. */
  async create({ kind, slot, withPeople }: Extract<Deed, { do: 'create' }>): Promise<void> {
    const name = `${this.device.name} makes ${++this.count}`;
    const users = withPeople.map((index) => this.stage.people[index]!.id).filter((id) => id !== this.device.person.id);
    const made = await this.device.ask(kind === 'room' ? 'createRoom' : 'createGroup', { name, users });
    if (made?.event === 'reply') this.stage.slots[slot] = (made.data as MyRoom).id;
  }

  private async openPrivate(person: number): Promise<void> {
    const user = this.stage.people[person]!.id;
    if (user === this.device.person.id) return;
    const opened = await this.device.ask('openPrivateRoom', { user });
    if (opened?.event === 'reply') await this.postOne((opened.data as MyRoom).id, SHORT);
  }

  private async stopReading(forMs: number): Promise<void> {
    this.device.stopReading();
    await pause(forMs);
    this.device.readOn();
  }

  private visit(what: 'join' | 'leave' | 'delete' | 'read', room: Id | undefined): Promise<unknown> | undefined {
    if (room === undefined) return undefined;
    if (what === 'read') return this.device.read(room);
    return this.device.ask(`${what}Room`, { room });
  }
}
