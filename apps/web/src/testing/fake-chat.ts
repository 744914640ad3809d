import { computed, type Provider, type Signal, signal } from '@angular/core';
import type { Author, Id, PersonPresence } from '@parley/contract';
import type { ConnectionState, OutboxItem, RoomState } from '@parley/sdk';
import { Chat } from '../app/session/chat';

/** A chat for the tests of components: rooms are what the test sets, and what the component does is noted. */
export class FakeChat implements Partial<Record<keyof Chat, unknown>> {
  readonly rooms = signal<readonly RoomState[]>([]);
  readonly state = signal<ConnectionState>({ status: 'online', since: 0 });
  readonly outbox = signal<readonly OutboxItem[]>([]);
  readonly isLoaded = signal(true);
  readonly post = jest.fn<void, [room: string, text: string]>();
  readonly retry = jest.fn<void, [clientId: string]>();
  readonly discard = jest.fn<void, [clientId: string]>();
  readonly send = jest.fn<Promise<unknown>, [command: string, data: unknown]>(async () => ({}));
  readonly loadOlder = jest.fn<Promise<boolean>, [room: string, limit?: number]>(async () => false);
  readonly markRead = jest.fn<Promise<void>, [room: string, seq: number]>(async () => undefined);
  readonly trim = jest.fn<void, [room: string, keep: number]>();
  readonly reconnect = jest.fn<void, []>();

  readonly typing = jest.fn<void, [room: string]>();
  /** How people are, and who types in which room. */
  readonly people = signal<ReadonlyMap<Id, PersonPresence>>(new Map());
  readonly typistsIn = signal<ReadonlyMap<Id, readonly Author[]>>(new Map());

  presence(user: Signal<Id | undefined>): Signal<PersonPresence | undefined> {
    return computed(() => this.people().get(user() ?? ''));
  }

  presences(users: Signal<readonly Id[]>): Signal<ReadonlyMap<Id, PersonPresence>> {
    return computed(() => new Map([...this.people()].filter(([user]) => users().includes(user))));
  }

  typists(room: Signal<Id>): Signal<readonly Author[]> {
    return computed(() => this.typistsIn().get(room()) ?? []);
  }

  watch(room: Signal<string>): Signal<RoomState | undefined> {
    return computed(() => this.rooms().find((state) => state.room.id === room()));
  }

  /** In place of the real one: `providers: [chat.provider]`. */
  get provider(): Provider {
    return { provide: Chat, useValue: this };
  }
}
