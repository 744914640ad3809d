import type { Id, LogEntry, MyRoom } from '@parley/contract';
import type { Db, Document } from 'mongodb';
import { setTimeout as pause } from 'node:timers/promises';
import { Person } from '../../support/people';
import { decisionsOf, faultsOf, type Cast } from './decisions';
import { Deeds, type Stage } from './deeds';
import { Device } from './device';
import { History } from './history';
import type { Servers } from './servers';

export interface RunOptions {
  seed: number;
  /** How long clients do things, or how many each of them does; then everything is brought to rest and looked at. */
  seconds?: number;
  deeds?: number;
  /** How long they think, as a part of what they usually do. */
  pace?: number;
  /** Whether in the end somebody is made a slow reader for certain. */
  flood: boolean;
  /** How long the last entries may take to be heard, or the last posts to be answered, before it is called a loss. */
  patienceMs?: number;
}

/** Whose devices they are: some people have two. */
const DEVICES: readonly { name: string; person: number }[] = [
  { name: 'an', person: 0 },
  { name: 'an-2', person: 0 },
  { name: 'binh', person: 1 },
  { name: 'binh-2', person: 1 },
  { name: 'chi', person: 2 },
  { name: 'dung', person: 3 },
  { name: 'em', person: 4 },
];
const PEOPLE = ['An', 'Binh', 'Chi', 'Dung', 'Em'];
const SLOTS = 6;

/** Past this many bytes no reader's buffers, the kernel's included, hold what waits. */
const SLOW_BYTES = 12_000_000;
const FLOOD_TEXT = '語'.repeat(7_900);
const FLOOD_POSTS = 560;
const FLOOD_AT_ONCE = 8;

const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 50;

/** Has random clients use servers that random faults befall, and writes everything down. */
export class Run {
  readonly history = new History();
  private readonly stage: Stage = { slots: Array.from({ length: SLOTS }), people: [] };
  private devices: Device[] = [];
  private deeds: Deeds[] = [];
  private over = false;

  private constructor(
    private readonly servers: Servers,
    private readonly options: RunOptions,
  ) {}

  /** Runs to the end, and resolves with what happened. */
  static async of(servers: Servers, options: RunOptions): Promise<History> {
    const run = new Run(servers, options);
    try {
      await run.plays();
    } finally {
      for (const device of run.devices) device.leaves();
    }
    return run.history;
  }

  private async plays(): Promise<void> {
    await this.enter();
    const faults = this.suffer();
    const doings = this.devices.map((device, index) => this.live(device, this.deeds[index]!));
    const { seconds } = this.options;
    await (seconds === undefined ? Promise.all(doings) : pause(seconds * 1_000));
    this.over = true;
    await Promise.all([faults, ...doings]);
    await this.answered();
    if (this.options.flood) await this.floodASlowReader();
    await this.answered();
    await this.settle();
    await this.lookBack();
  }

  private get cast(): Cast {
    return { slots: SLOTS, people: PEOPLE.length, nodes: this.servers.nodes.length };
  }

  private late(): number {
    return performance.now() + (this.options.patienceMs ?? PATIENCE_MS);
  }

  private async enter(): Promise<void> {
    const { nodes } = this.servers;
    const { graceMs } = this.servers;
    this.history.add({ kind: 'begun', seed: this.options.seed, slowBytes: SLOW_BYTES, graceMs });
    this.stage.people = await Promise.all(PEOPLE.map((name) => Person.signsUp(nodes[0]!, name)));
    const { people } = this.stage;
    // Each device has a session of its own.
    const signedIn = await Promise.all(DEVICES.map(({ person }) => Person.signsIn(nodes[0]!, people[person]!.phone)));
    this.devices = DEVICES.map(({ name }, index) => new Device(name, signedIn[index]!, nodes, this.history));
    this.deeds = this.devices.map((device) => new Deeds(device, this.stage));
    this.devices.forEach((device, index) => device.connects(index));
    await Promise.all(this.devices.map((device) => device.isIn()));
    const everybody = PEOPLE.map((_, index) => index);
    for (const slot of this.stage.slots.keys()) {
      await this.deeds[slot]!.create({
        do: 'create',
        kind: 'room',
        slot,
        withPeople: everybody,
      });
    }
  }

  /** Deeds go on also while there is no connection: then they come to nothing, and the decisions stay the same. */
  private async live(device: Device, deeds: Deeds): Promise<void> {
    let left = this.options.deeds ?? Infinity;
    for (const { afterMs, ...deed } of decisionsOf(this.options.seed, device.name, this.cast)) {
      await pause(afterMs * (this.options.pace ?? 1));
      if (this.over || left-- === 0) return;
      await device.isIn();
      if (this.over) return;
      this.history.add({ kind: 'decided', client: device.name, decision: deed });
      await deeds.carryOut(deed);
    }
  }

  private async suffer(): Promise<void> {
    const weights = Object.fromEntries(Object.entries(this.servers.faults).map(([name, { weight }]) => [name, weight]));
    if (Object.keys(weights).length === 0) return;
    for (const { afterMs, fault, node, forMs } of faultsOf(this.options.seed, weights, this.cast.nodes)) {
      await pause(afterMs);
      if (this.over) return;
      this.history.add({ kind: 'fault', what: `${fault} of node ${node} for ${forMs} ms` });
      await this.servers.faults[fault]!.happens(node, forMs);
      this.history.add({ kind: 'fault', what: `${fault} is mended` });
    }
  }

  /** One device reads nothing while far more than may wait for it is written. */
  private async floodASlowReader(): Promise<void> {
    const [slow, , writer] = this.devices as [Device, Device, Device];
    await this.deeds[2]!.create({ do: 'create', kind: 'room', slot: 0, withPeople: [0] });
    slow.stopReading();
    const room = this.stage.slots[0]!;
    for (let count = 0; count < FLOOD_POSTS; count += FLOOD_AT_ONCE) {
      const ids = Array.from({ length: FLOOD_AT_ONCE }, (_, index) => `flood-${count + index}`);
      await Promise.all(ids.map((clientId) => writer.post({ room, clientId, text: `${clientId} ${FLOOD_TEXT}` })));
    }
    slow.readOn();
  }

  /** Everybody is connected, and all their messages are answered. */
  private async answered(): Promise<void> {
    const late = this.late();
    for (;;) {
      await Promise.all(this.devices.map((device) => device.isIn()));
      if (this.devices.every(({ unanswered }) => unanswered.size === 0)) return;
      if (performance.now() > late)
        return this.complain('not everything was answered in time', ({ unanswered }) => [...unanswered.keys()]);
      await pause(LOOK_EVERY_MS);
      for (const device of this.devices)
        for (const message of [...device.unanswered.values()]) await device.post(message);
    }
  }

  /** Everybody has heard everything, or has had the time to. */
  private async settle(): Promise<void> {
    const heads = await this.servers.looksInto(headsIn);
    const late = this.late();
    while (!this.devices.every(({ seen }) => [...seen].every(([room, seq]) => seq >= (heads.get(room) ?? 0)))) {
      if (performance.now() > late) {
        this.complain('not everybody heard everything in time', ({ seen }) =>
          [...seen]
            .filter(([room, seq]) => seq < (heads.get(room) ?? 0))
            .map(([room, seq]) => `${room} ${seq}<${heads.get(room)}`),
        );
        break;
      }
      await pause(LOOK_EVERY_MS);
    }
    await Promise.all(this.devices.map((device) => device.isIn().then(() => device.ask('ping', {}))));
    this.history.add({ kind: 'settled' });
  }

  private complain(what: string, of: (device: Device) => string[]): void {
    const names = this.devices.map((device) => `${device.name}: ${of(device).slice(0, 3).join()}`);
    this.history.add({ kind: 'fault', what: `${what} (${names.join('; ')})` });
  }

  private async lookBack(): Promise<void> {
    await this.servers.looksInto((database) => this.dump(database));
    const first = new Map(this.devices.map((device) => [device.person.id, device]));
    for (const [user, device] of first) {
      for (const { id } of (await device.rest.myRooms({ limit: 100 })).items) {
        const room = (await device.rest.room(id)) as MyRoom;
        this.history.add({ kind: 'fetched', user, room });
        await this.readWhole(device, id);
      }
    }
  }

  private async readWhole(device: Device, room: Id): Promise<void> {
    let after = 0;
    for (let more = true; more;) {
      const page = await device.read(room, after);
      more = page?.more ?? false;
      after = page?.entries.at(-1)?.seq ?? after;
    }
  }

  private async dump(database: Db): Promise<void> {
    for (const { _id: room } of await database.collection('rooms').find().toArray()) {
      const members = await database.collection('memberships').find({ room }).toArray();
      this.history.add({ kind: 'kept', room: String(room), members: members.map(({ user }) => String(user)) });
      const entries = await database.collection('entries').find({ room }).sort({ seq: 1 }).toArray();
      for (const entry of entries) this.history.add({ kind: 'stored', entry: asSeen(entry) });
    }
  }
}

async function headsIn(database: Db): Promise<Map<Id, number>> {
  const entries = await database
    .collection('entries')
    .find({}, { projection: { room: 1, seq: 1 } })
    .toArray();
  const heads = new Map<Id, number>();
  for (const { room, seq } of entries) heads.set(String(room), Math.max(heads.get(String(room)) ?? 0, Number(seq)));
  return heads;
}

/** A document of `entries` as its author is to see it. */
function asSeen({ _id, room, seq, author, at, text, clientId, event, role, heir, reaction }: Document): LogEntry {
  const place = { id: String(_id), room: String(room), seq: Number(seq), at: (at as Date).toISOString() };
  const who = { id: String(author.id), name: author.name as string };
  if (reaction) return { ...place, type: 'reaction', user: who, to: reaction.to, emoji: text, on: reaction.on };
  if (!event) return { ...place, type: 'message', sender: who, text, clientId };
  const inherits = heir && { heir: { id: String(heir.id), name: heir.name as string } };
  return { ...place, type: 'system', event, message: text, user: who, ...(role && { role }), ...inherits };
}
