/** What jsdom lacks of what the tabs of a browser share: channels and locks. */
export function installFakeTabs(): void {
  const channels = new Set<FakeChannel>();
  globalThis.BroadcastChannel = class extends FakeChannel {
    constructor(name: string) {
      super(name, channels);
    }
  } as unknown as typeof BroadcastChannel;
  Object.defineProperty(navigator, 'locks', { configurable: true, value: new FakeLocks() });
}

/** A browser without locks, as over plain HTTP. */
export function withoutLocks(): void {
  Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined });
}

/** Somebody looks at the tab, or away from it. */
export function looksAtTab(isLooking: boolean): void {
  const visibilityState = isLooking ? 'visible' : 'hidden';
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: visibilityState });
  document.dispatchEvent(new Event('visibilitychange'));
}

class FakeChannel extends EventTarget {
  constructor(
    private readonly name: string,
    private readonly all: Set<FakeChannel>,
  ) {
    super();
    all.add(this);
  }

  postMessage(data: unknown): void {
    const others = [...this.all].filter((channel) => channel !== this && channel.name === this.name);
    const copy: unknown = JSON.parse(JSON.stringify(data));
    queueMicrotask(() => others.forEach((channel) => channel.#hear(copy)));
  }

  close(): void {
    this.all.delete(this);
  }

  #hear(data: unknown): void {
    if (this.all.has(this)) this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

interface Request {
  granted: () => Promise<void>;
  done: () => void;
  lost: (error: Error) => void;
}

/** One lock, whatever its name: the first that asks has it, then the next, unless somebody steals it. */
class FakeLocks {
  #holder: Request | null = null;
  #queue: Request[] = [];

  request(_name: string, { steal, signal }: LockOptions, granted: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const request: Request = { granted, done: resolve, lost: reject };
      if (signal?.aborted) return reject(new DOMException('aborted', 'AbortError'));
      signal?.addEventListener('abort', () => this.#withdraw(request));
      if (!steal) {
        this.#queue.push(request);
        return this.#next();
      }
      this.#holder?.lost(new DOMException('stolen', 'AbortError'));
      this.#grant(request);
    });
  }

  #withdraw(request: Request): void {
    if (!this.#queue.includes(request)) return;
    this.#queue = this.#queue.filter((one) => one !== request);
    request.lost(new DOMException('aborted', 'AbortError'));
  }

  #next(): void {
    const [first, ...others] = this.#queue;
    if (this.#holder || !first) return;
    this.#queue = others;
    this.#grant(first);
  }

  #grant(request: Request): void {
    this.#holder = request;
    void Promise.resolve()
      .then(request.granted)
      .then(() => {
        request.done();
        if (this.#holder === request) this.#holder = null;
        this.#next();
      });
  }
}
