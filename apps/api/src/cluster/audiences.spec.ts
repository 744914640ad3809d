import * as fc from 'fast-check';
import { Audiences } from './audiences';

const ROOM = 'a'.repeat(24);

describe('Audiences', () => {
  /** A message that Redis gave to so many, and that is heard here. */
  const isTold = (audiences: Audiences, n: number, listeners: number): void => {
    audiences.answered(ROOM, n, listeners);
    audiences.echoed(ROOM, n);
  };

  it('is alone from a message on that only it has heard, until others begin to listen', () => {
    const audiences = new Audiences();
    expect(audiences.isAlone(ROOM)).toBe(false);
    isTold(audiences, 1, 2);
    expect(audiences.isAlone(ROOM)).toBe(false);
    isTold(audiences, 2, 1);
    expect(audiences.isAlone(ROOM)).toBe(true);
    audiences.othersListen([ROOM]);
    expect(audiences.isAlone(ROOM)).toBe(false);
  });

  it('is not alone where the only listener may have been another one', () => {
    const audiences = new Audiences();
    audiences.answered(ROOM, 1, 1);
    expect(audiences.isAlone(ROOM)).toBe(false);
  });

  it('is not alone by an answer to what was said before another was heard', () => {
    const audiences = new Audiences();
    audiences.echoed(ROOM, 1);
    audiences.othersListen();
    audiences.answered(ROOM, 1, 1);
    expect(audiences.isAlone(ROOM)).toBe(false);
  });

  it('keeps how far each room goes until others listen there', () => {
    const audiences = new Audiences();
    isTold(audiences, 1, 1);
    audiences.keep(ROOM, 8);
    audiences.keep(ROOM, 7);
    audiences.keep('elsewhere', 3);
    expect(audiences.takeKept([ROOM])).toEqual([]);
    expect(audiences.takeKept()).toEqual([['elsewhere', 3]]);
    audiences.othersListen([ROOM]);
    expect(audiences.takeKept([ROOM])).toEqual([[ROOM, 8]]);
    expect(audiences.takeKept()).toEqual([]);
  });
});

type Message = { from: 'me'; n: number; seq: number } | { from: 'other'; seq: number } | { from: 'announcement' };

/**
 * A Redis that does one thing after another, a node that writes to a room, and others that come and go. All that is on
 * its way, to Redis and back, arrives in its order but whenever it pleases; answers and whole connections get lost.
 */
class World {
  written = 0;
  published = 0;
  /** What each of the others that listen knows of the log. */
  readonly others = new Map<number, number>();
  private readonly audiences = new Audiences();
  private listens = true;
  private numbers = 0;
  private readonly mouth: Extract<Message, { from: 'me' }>[] = [];
  private readonly answers: { n: number; listeners: number }[] = [];
  private readonly announcing: number[] = [];
  private ear: Message[] = [];

  readonly steps = {
    writes: () => {
      this.written++;
      if (this.audiences.isAlone(ROOM)) this.audiences.keep(ROOM, this.written);
      else this.publish(this.written);
    },
    redisTakes: () => {
      const message = this.mouth.shift();
      if (message) this.answers.push({ n: message.n, listeners: this.give(message) });
    },
    redisDoesNotAnswer: () => {
      const message = this.mouth.shift();
      if (message) this.give(message);
    },
    redisRefuses: () => {
      const message = this.mouth.shift();
      if (message) this.audiences.keep(ROOM, message.seq);
    },
    isAnswered: () => {
      const answer = this.answers.shift();
      if (answer) this.audiences.answered(ROOM, answer.n, answer.listeners);
    },
    hears: () => {
      const message = this.ear.shift();
      if (message?.from === 'me') this.audiences.echoed(ROOM, message.n);
      else if (message) this.othersListen();
    },
    firstComes: () => this.comes(1),
    secondComes: () => this.comes(2),
    oneAnnounces: () => {
      if (this.announcing.shift() !== undefined) this.give({ from: 'announcement' });
    },
    firstWrites: () => this.otherWrites(1),
    firstLeaves: () => this.leaves(1),
    secondLeaves: () => this.leaves(2),
    earBreaks: () => {
      this.listens = false;
      this.ear = [];
    },
    earIsBack: () => {
      if (this.listens) return;
      this.othersListen();
      this.listens = true;
      this.tellKept();
    },
    beats: () => this.tellKept(),
  };

  /** Everything arrives. */
  settles(): void {
    const { earIsBack, beats, oneAnnounces, redisTakes, isAnswered, hears } = this.steps;
    earIsBack();
    for (let round = 0; round < 3; round++) {
      beats();
      while (this.announcing.length > 0) oneAnnounces();
      while (this.mouth.length > 0) redisTakes();
      while (this.answers.length > 0) isAnswered();
      while (this.ear.length > 0) hears();
    }
  }

  /** Who begins to listen reads the log after that, and announces it whenever it gets to it. */
  private comes(other: number): void {
    if (this.others.has(other)) return;
    this.others.set(other, this.written);
    this.announcing.push(other);
  }

  private leaves(other: number): void {
    this.others.delete(other);
  }

  private otherWrites(other: number): void {
    if (!this.others.has(other)) return;
    this.written++;
    this.others.set(other, this.written);
    this.give({ from: 'other', seq: this.written });
  }

  private othersListen(): void {
    this.audiences.othersListen([ROOM]);
    this.tellKept();
  }

  private tellKept(): void {
    for (const [, seq] of this.audiences.takeKept()) this.publish(seq);
  }

  private publish(seq: number): void {
    this.published++;
    this.mouth.push({ from: 'me', n: ++this.numbers, seq });
  }

  private give(message: Message): number {
    if (this.listens) this.ear.push(message);
    if (message.from === 'announcement') return 0;
    for (const [other, known] of this.others) this.others.set(other, Math.max(known, message.seq));
    return this.others.size + (this.listens ? 1 : 0);
  }
}

describe('Audiences among nodes that come and go', () => {
  const names = Object.keys(new World().steps) as (keyof World['steps'])[];
  const histories = fc.array(fc.constantFrom(...names), { maxLength: 60 });
  const after = (history: readonly (keyof World['steps'])[]): World => {
    const world = new World();
    for (const step of history) world.steps[step]();
    world.settles();
    return world;
  };

  it('who listens to a room knows in the end how far it goes, whatever came in whatever order', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = after(history);
        for (const known of world.others.values()) expect(known).toBe(world.written);
      }),
      { numRuns: 3_000 },
    );
  });

  it('who is alone in a room is silent after one more message, whatever was before', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = after([...history, 'firstLeaves', 'secondLeaves']);
        world.steps.writes();
        world.settles();
        const { published } = world;
        world.steps.writes();
        world.settles();
        expect(world.published).toBe(published);
      }),
      { numRuns: 1_000 },
    );
  });
});
