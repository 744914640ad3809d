import type { Clock } from '../clock';

/** What a heartbeat does when the line is silent. */
export interface HeartbeatActions {
  ping(): void;
  /** Nothing came in reply either: the line is dead. */
  dead(): void;
}

/** Watches a line: after `silenceMs` without a frame it pings, and after `answerMs` more it declares the line dead. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #answerMs: number;
  readonly #actions: HeartbeatActions;
  #heardAt: number;
  #answered = true;
  #callOff: () => void;

  constructor(clock: Clock, silenceMs: number, answerMs: number, actions: HeartbeatActions) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#answerMs = answerMs;
    this.#actions = actions;
    this.#heardAt = clock.now();
    this.#callOff = clock.schedule(silenceMs, () => this.#listen());
  }

  /** A frame came. No timer moves: the one that runs looks at the time when it fires. */
  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#answered = true;
  }

  /** Pings now, unless an answer is awaited already. */
  ask(): void {
    if (!this.#answered) return;
    this.#callOff();
    this.#ping();
  }

  /** Ends the watch. */
  stop(): void {
    this.#callOff();
  }

  #listen(): void {
    const left = this.#heardAt + this.#silenceMs - this.#clock.now();
    // More than all of it is left where the clock has been put back.
    if (left > 0 && left <= this.#silenceMs) this.#callOff = this.#clock.schedule(left, () => this.#listen());
    else this.#ping();
  }

  #ping(): void {
    this.#answered = false;
    // Before the ping, which may find that the line has ended and stop this.
    this.#callOff = this.#clock.schedule(this.#answerMs, () => this.#judge());
    this.#actions.ping();
  }

  #judge(): void {
    if (this.#answered) this.#listen();
    else this.#actions.dead();
  }
}
