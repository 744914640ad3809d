interface Awaited {
  missing: Set<string>;
  all: () => void;
}

/** Which nodes have taken in what this one has told them. */
export class Acknowledgements {
  private readonly awaited = new Map<number, Awaited>();

  /** Resolves when each of the nodes has taken in the message of this number. */
  of(what: number, nodes: readonly string[]): Promise<void> {
    return new Promise((all) => this.awaited.set(what, { missing: new Set(nodes), all }));
  }

  /** A node has taken a message in. */
  take(what: number, node: string): void {
    const awaited = this.awaited.get(what);
    awaited?.missing.delete(node);
    if (awaited?.missing.size === 0) awaited.all();
  }

  /** Nobody waits for this message any more. */
  forget(what: number): void {
    this.awaited.delete(what);
  }
}
