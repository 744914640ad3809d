import type { CreateGroup, Id, MyRoom, SystemEntry } from '@parley/contract';
import { group, type Story } from './story';

/** Who was a member of which room after which of its entries, by the log alone. */
export class Members {
  /** The entries about a person in a room, by both, ascending. */
  private readonly changes = new Map<string, SystemEntry[]>();
  private readonly founders = new Map<Id, ReadonlySet<Id>>();

  constructor(story: Story) {
    const seen = new Set<string>();
    for (const { entry } of story.sightings) {
      if (entry.type !== 'system' || entry.event === 'delete' || seen.has(entry.id)) continue;
      seen.add(entry.id);
      group(this.changes, `${entry.room} ${entry.user.id}`, entry);
    }
    for (const list of this.changes.values()) list.sort((one, other) => one.seq - other.seq);
    for (const [room, views] of Map.groupBy(story.views, (view) => view.room.id)) {
      this.founders.set(room, new Set(foundersOf(story, views)));
    }
  }

  /** The entries by which a person came to a room or left it, ascending. */
  changesOf(user: Id, room: Id): readonly SystemEntry[] {
    return this.changes.get(`${room} ${user}`) ?? [];
  }

  /** Undefined where nobody can tell: how the room began was never seen. */
  isMember(user: Id, room: Id, after: number): boolean | undefined {
    const changes = this.changesOf(user, room);
    const last = changes.filter(({ seq }) => seq <= after).at(-1);
    if (last) return last.event === 'join';
    if (changes.length > 0) return changes[0]!.event === 'leave';
    return this.founders.get(room)?.has(user);
  }
}

/** Names are given out once in a history, but for those of private rooms: they have the two that are in them. */
function foundersOf(story: Story, views: readonly { user: Id; room: MyRoom }[]): Id[] {
  const { name, kind } = views[0]!.room;
  if (kind === 'private') return views.flatMap(({ user, room }) => [user, ...room.users.map(({ id }) => id)]);
  const making = story.of('asked').filter(({ command }) => command === 'createRoom' || command === 'createGroup');
  return making
    .filter(({ data }) => (data as CreateGroup).name === name)
    .flatMap(({ connection, data }) => [
      story.connections.get(connection)!.user,
      ...((data as CreateGroup).users ?? []),
    ]);
}
