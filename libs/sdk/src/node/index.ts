import { WebSocket, type ClientOptions } from 'ws';
import type { SocketFactory } from '../connection/socket';

/** Handed on to `ws`: `origin`, `headers`, `ca` and the like. */
export type NodeSocketOptions = ClientOptions;

/**
 * A socket factory for Node on the `ws` package: give it to `ChatClient` as `socket` where headers, an origin or a
 * certificate authority of one's own are needed, or where speed counts.
 */
export function nodeSocket(options: NodeSocketOptions = {}): SocketFactory {
  return (url, events) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    socket.on('open', () => events.opened());
    socket.on('message', (data, isBinary) => events.received(isBinary ? data : String(data)));
    socket.on('close', (code, reason) => events.closed(code, String(reason)));
    // Without a listener an 'error' would end the process; 'close' follows it and says enough.
    socket.on('error', () => {});
    return socket;
  };
}
