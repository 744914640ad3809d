import type { ServerEnvelope } from '@parley/contract';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Address } from '../../support/people';

/** What becomes of an envelope on its way to a client: none, itself, another one, several. */
export type Meddling = (envelope: ServerEnvelope) => readonly ServerEnvelope[];

/** Stands between clients and a server's gateway and meddles with what the server says. REST goes past it. */
export class Meddler implements Address {
  private constructor(
    private readonly server: WebSocketServer,
    private readonly far: Address,
    private readonly meddle: Meddling,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  static async before(far: Address, meddle: Meddling): Promise<Meddler> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new Meddler(server, far, meddle);
  }

  get url(): string {
    return this.far.url;
  }

  get gatewayUrl(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const near of this.server.clients) near.terminate();
    this.server.close();
  }

  private join(near: WebSocket): void {
    const far = new WebSocket(this.far.gatewayUrl);
    const opened = once(far, 'open');
    near.on(
      'message',
      (frame) =>
        void opened.then(
          () => far.send(String(frame)),
          () => undefined,
        ),
    );
    far.on('message', (frame) => this.pass(near, String(frame)));
    near.on('error', () => undefined).on('close', () => far.terminate());
    far.on('error', () => undefined).on('close', (code) => (code > 1_006 ? near.close(code) : near.terminate()));
  }

  private pass(near: WebSocket, frame: string): void {
    const envelopes = [JSON.parse(frame) as ServerEnvelope | ServerEnvelope[]].flat();
    const left = envelopes.flatMap((envelope) => this.meddle(envelope));
    if (left.length > 0) near.send(JSON.stringify(left));
  }
}
