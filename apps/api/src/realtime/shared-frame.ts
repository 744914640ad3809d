import { joinEnvelopes } from './frames';

/** What one commit has for one room: the same envelopes for every member, turned into bytes once. */
export class SharedFrame {
  private encoded?: Buffer;

  constructor(readonly envelopes: readonly string[]) {}

  /** The frame's payload in UTF-8. */
  get bytes(): Buffer {
    return (this.encoded ??= Buffer.from(joinEnvelopes(this.envelopes)));
  }
}
