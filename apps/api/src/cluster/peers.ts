/** What is known of another node. */
interface Peer {
  heardAt: number;
  /** The number of its latest message. */
  n: number;
}

/** A node that says nothing for longer is cut off, paused or dead. Each says something every second. */
const LIVELY_FOR_MS = 3_000;

/** For so long after a node has fallen silent it may still write, without anybody being told. */
const MISSED_FOR_MS = 60_000;

/** The other nodes, by what is heard of them. Times are in milliseconds, of a clock that only goes forward. */
export class Peers {
  private readonly known = new Map<string, Peer>();

  /** Takes note of a message; says whether none of the same node was missed before it. */
  hears(node: string, n: number, now: number): boolean {
    const peer = this.known.get(node);
    this.known.set(node, { heardAt: now, n });
    return peer === undefined || n <= peer.n + 1;
  }

  /** A node has said that it stops. */
  leaves(node: string): void {
    this.known.delete(node);
  }

  /** Whether it was heard of and has not been silent for too long. */
  knows(node: string): boolean {
    return this.known.has(node);
  }

  /** Whether a node is there for certain. */
  isLively(node: string, now: number): boolean {
    const peer = this.known.get(node);
    return peer !== undefined && now - peer.heardAt <= LIVELY_FOR_MS;
  }

  /** The nodes that are there for certain. */
  lively(now: number): string[] {
    return this.which((peer) => now - peer.heardAt <= LIVELY_FOR_MS);
  }

  /** Whether a node that was there lately says nothing. */
  isAnyMissed(now: number): boolean {
    for (const node of this.which((peer) => now - peer.heardAt > MISSED_FOR_MS)) this.known.delete(node);
    return this.lively(now).length < this.known.size;
  }

  private which(wanted: (peer: Peer) => boolean): string[] {
    return [...this.known].filter(([, peer]) => wanted(peer)).map(([node]) => node);
  }
}
