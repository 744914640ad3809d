import type {
  ChangeMe,
  ChangePassword,
  CreateGroup,
  CreateRoom,
  Id,
  LogPage,
  Me,
  Member,
  MyRoom,
  OpenPrivateRoom,
  Page,
  Posted,
  PostMessage,
  React,
  ReadMark,
  Room,
  RoomKind,
  Server,
  Session,
  SignedIn,
  SignIn,
  SignUp,
  User,
} from '@parley/contract';
import { RestCall, type RestCallOptions } from './rest-call';

/** Which page of a list: what comes after the cursor `after`, `limit` items at most. */
export interface PageRange {
  after?: string | null;
  limit?: number;
}

/** Which rooms: a page of them, and those of one kind where it says so. */
export interface RoomRange extends PageRange {
  kind?: RoomKind;
}

/** Which page of a log: what is before or after a `seq`; the newest without either. */
export interface LogRange {
  before?: number;
  after?: number;
  limit?: number;
}

/** What can be said of one call. */
export interface CallOptions {
  /** Aborts the call, which then rejects with `ABORTED`. */
  signal?: AbortSignal;
}

/**
 * Every REST call of a Parley server, typed. A call rejects with a `ParleyError` only: the server's refusal with its
 * `status`, or `NETWORK_FAILED`, `TIMED_OUT`, `ABORTED`, `BAD_ANSWER`. Nothing is tried twice.
 */
export class RestClient {
  readonly #options: RestCallOptions;
  readonly #call: RestCall;

  constructor(options: RestCallOptions) {
    this.#options = options;
    this.#call = new RestCall(options);
  }

  /** The same server in the name of whoever holds `token`. */
  withToken(token: string): RestClient {
    return new RestClient({ ...this.#options, token: () => token });
  }

  /** What there is to know without an account. */
  server(): Promise<Server> {
    return this.#call.get('/server');
  }

  signUp(body: SignUp): Promise<Me> {
    return this.#call.post('/signup', body);
  }

  /** Keeps nothing: hand the token to `withToken`, or to the token provider. */
  signIn(body: SignIn): Promise<SignedIn> {
    return this.#call.post('/signin', body);
  }

  /** Ends the session that asks; its sockets close. */
  async signOut(): Promise<void> {
    await this.#call.post('/signout');
  }

  sessions(range: PageRange = {}): Promise<Page<Session>> {
    return this.#call.get('/sessions', range);
  }

  async revokeSession(id: Id): Promise<void> {
    await this.#call.delete(path`/sessions/${id}`);
  }

  me(): Promise<Me> {
    return this.#call.get('/me');
  }

  changeMe(body: ChangeMe): Promise<Me> {
    return this.#call.patch('/me', body);
  }

  /** All other sessions of the account end. */
  async changePassword(body: ChangePassword): Promise<void> {
    await this.#call.post('/me/password', body);
  }

  user(id: Id): Promise<User> {
    return this.#call.get(path`/users/${id}`);
  }

  /** People by a part of their name, or by phone number. */
  searchUsers(q: string, range: PageRange = {}, options: CallOptions = {}): Promise<Page<User>> {
    return this.#call.get('/search_users', { q, ...range }, options);
  }

  /** Rooms by a part of their name: public ones and the caller's own. All of those where `q` is empty. */
  searchRooms(q: string, range: RoomRange = {}, options: CallOptions = {}): Promise<Page<Room>> {
    return this.#call.get('/search_rooms', { q, ...range }, options);
  }

  createRoom(body: CreateRoom): Promise<MyRoom> {
    return this.#call.post('/rooms', body);
  }

  createGroup(body: CreateGroup): Promise<MyRoom> {
    return this.#call.post('/rooms/group', body);
  }

  /** The private chat with another person; made if there is none. */
  openPrivateRoom(body: OpenPrivateRoom): Promise<MyRoom> {
    return this.#call.post('/rooms/private', body);
  }

  /** The caller's rooms, each with its last entry and its unread count. */
  myRooms(range: PageRange = {}): Promise<Page<MyRoom>> {
    return this.#call.get('/rooms', range);
  }

  /** A room that the caller may see; a `MyRoom` if it is the caller's own. */
  room(id: Id): Promise<Room | MyRoom> {
    return this.#call.get(path`/rooms/${id}`);
  }

  async deleteRoom(id: Id): Promise<void> {
    await this.#call.delete(path`/rooms/${id}`);
  }

  joinRoom(id: Id): Promise<MyRoom> {
    return this.#call.post(path`/rooms/${id}/join`);
  }

  /** Adds people, by id or phone number; one that is unknown fails the whole call. */
  addMembers(id: Id, users: string[]): Promise<MyRoom> {
    return this.#call.post(path`/rooms/${id}/members`, { users });
  }

  async leaveRoom(id: Id): Promise<void> {
    await this.#call.post(path`/rooms/${id}/leave`);
  }

  members(id: Id, range: PageRange = {}): Promise<Page<Member>> {
    return this.#call.get(path`/rooms/${id}/members`, range);
  }

  /** A page of a room's log, ascending; the newest one unless the range says otherwise. */
  log(id: Id, range: LogRange = {}, options: CallOptions = {}): Promise<LogPage> {
    return this.#call.get(path`/rooms/${id}/log`, range, options);
  }

  /** Posts a message. Repeat it with the same `clientId` when it fails: it is then posted once. */
  postMessage({ room, ...body }: PostMessage): Promise<Posted> {
    return this.#call.post(path`/rooms/${room}/messages`, body);
  }

  /** Sets the caller's reaction to a message, or takes it back. */
  async react({ room, to, emoji, on }: React): Promise<void> {
    const at = path`/rooms/${room}/messages/${String(to)}/reactions/${emoji}`;
    await (on ? this.#call.put(at) : this.#call.delete(at));
  }

  markRead(id: Id, seq: number): Promise<ReadMark> {
    return this.#call.post(path`/rooms/${id}/read`, { seq });
  }
}

/** All items of a list, page after page: `for await (const room of everyItem((range) => rest.myRooms(range)))`. */
export async function* everyItem<T>(fetchPage: (range: PageRange) => Promise<Page<T>>): AsyncGenerator<T, void> {
  let after: string | null = null;
  do {
    const page: Page<T> = await fetchPage(after === null ? {} : { after });
    yield* page.items;
    after = page.next;
  } while (after !== null);
}

/** A path whose values cannot leave their place in it. */
function path(parts: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}
