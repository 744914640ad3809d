/** What a socket tells its owner. */
export interface SocketEvents {
  opened(): void;
  /** A frame as it came: a string, unless the server sent bytes. */
  received(frame: unknown): void;
  /** The end, also when the socket never opened. */
  closed(code: number, reason: string): void;
}

/** The little that the sdk needs of a WebSocket. */
export interface Socket {
  send(frame: string): void;
  close(code: number, reason: string): void;
}

/** Opens a socket to `url` and tells `events` of its life, never before it has returned. */
export type SocketFactory = (url: string, events: SocketEvents) => Socket;

/** The platform's own WebSocket: every browser's, and Node's since 22. */
export const platformSocket: SocketFactory = (url, events) => {
  const socket = new globalThis.WebSocket(url);
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => events.received(data);
  socket.onclose = ({ code, reason }) => events.closed(code, reason);
  return socket;
};
