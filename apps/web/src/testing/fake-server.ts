/** One call as the server saw it. */
export interface SeenCall {
  call: string;
  body: unknown;
  token: string | null;
}

interface Answer {
  status: number;
  body?: unknown;
}

/** A server at the other end of `fetch`: it gives the answers that a test has laid down, and notes what it was asked. */
export class FakeServer {
  readonly calls: SeenCall[] = [];
  readonly #answers = new Map<string, Answer[]>();

  /** The calls that ask for a change. */
  get changes(): SeenCall[] {
    return this.calls.filter(({ call }) => !call.startsWith('GET '));
  }

  /** From now on it is what `fetch` reaches. */
  install(): this {
    globalThis.fetch = (input, init) => this.#fetch(String(input), init);
    return this;
  }

  /** The next answer to a call such as `POST /api/signin`; the last one laid down is given again and again. */
  answer(call: string, status: number, body?: unknown): this {
    this.#answers.set(call, [...(this.#answers.get(call) ?? []), { status, body }]);
    return this;
  }

  /** From now on the call gets another answer. */
  instead(call: string, status: number, body?: unknown): this {
    this.#answers.set(call, [{ status, body }]);
    return this;
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const call = `${init.method} ${path}`;
    const token = new Headers(init.headers).get('Authorization')?.replace('Bearer ', '') ?? null;
    this.calls.push({ call, token, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    const answers = this.#answers.get(call);
    const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
    if (!answer) throw new TypeError(`Nothing answers ${call}.`);
    const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
    const ok = answer.status < 400;
    return { ok, status: answer.status, headers: new Headers(), text: async () => text } as Response;
  }
}
