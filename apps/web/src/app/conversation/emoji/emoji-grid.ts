import { afterNextRender, Component, computed, ElementRef, inject, output, signal, viewChild } from '@angular/core';
import { KeptValues } from '../../shared/kept';
import { Language } from '../../shared/language';
import { SearchField } from '../../shared/search-field';
import { EMOJI, withRecent } from './emoji';
import { EmojiBook } from './emoji-book';
import { findEmoji, type NamedEmoji } from './emoji-list';

/** Where arrow keys lead, in emoji and in rows. */
const STEPS: Readonly<Record<string, { by: number; rows: number }>> = {
  ArrowLeft: { by: -1, rows: 0 },
  ArrowRight: { by: 1, rows: 0 },
  ArrowUp: { by: 0, rows: -1 },
  ArrowDown: { by: 0, rows: 1 },
};

/** More than anybody looks through. */
const MOST_FOUND = 64;

/** Emoji under a name. */
interface Group {
  name: string;
  emoji: readonly NamedEmoji[];
}

/** All emoji, those chosen lately first, and a search for them. While they are not there, those that people use most. */
@Component({
  selector: 'parley-emoji-grid',
  imports: [SearchField],
  templateUrl: './emoji-grid.html',
  styleUrl: './emoji-grid.css',
  host: { '(keydown)': 'step($event)' },
})
export class EmojiGrid {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #recent = inject(KeptValues).keep('emoji', toList);
  readonly #book = inject(EmojiBook);
  readonly words = inject(Language).words;
  readonly picked = output<string>();
  readonly query = signal('');
  readonly field = viewChild.required(SearchField);
  readonly list = viewChild.required<ElementRef<HTMLElement>>('list');

  /** What is found, or else the groups that have anything, each under its name. */
  readonly groups = computed(() => {
    const typed = this.query().trim();
    return (typed === '' ? this.#all() : [this.#found(typed)]).filter(({ emoji }) => emoji.length > 0);
  });

  // The grid does not move under the finger.
  readonly #recentAtOpening = this.#recent.value();

  constructor() {
    this.#book.retry();
    // On a touch screen the keyboard would cover what there is to choose from.
    const isTouch = matchMedia('(pointer: coarse)').matches;
    afterNextRender({ write: () => (isTouch ? this.list().nativeElement : this.field()).focus() });
  }

  pick(emoji: string): void {
    this.#recent.set(withRecent(this.#recent.value(), emoji));
    this.picked.emit(emoji);
  }

  pickFirst(event: KeyboardEvent): void {
    const first = this.groups()[0]?.emoji[0];
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    if (first && this.query().trim() !== '') this.pick(first.emoji);
  }

  step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const buttons = [...this.#host.querySelectorAll<HTMLElement>('.grid button')];
    const at = buttons.findIndex((button) => button === event.target);
    if (!step || (at < 0 && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const to = at < 0 ? 0 : at + step.by + step.rows * this.#columns;
    if (to < 0) this.field().focus();
    else buttons[to]?.focus();
  }

  #all(): Group[] {
    const { recent, usual, ...names } = this.words().conversation.emojiGroups;
    const groups = this.#book.groups();
    const book = [...groups].map(([key, emoji]) => ({ name: names[key], emoji }));
    const known = new Map([...groups.values()].flat().map((one) => [one.emoji, one]));
    const named = (emoji: string): NamedEmoji => known.get(emoji) ?? { emoji, name: emoji, tags: [] };
    const lately = { name: recent, emoji: this.#recentAtOpening.map(named) };
    return [lately, ...(book.length > 0 ? book : [{ name: usual, emoji: EMOJI.map(named) }])];
  }

  #found(typed: string): Group {
    const found = findEmoji(this.#book.groups().values(), typed).slice(0, MOST_FOUND);
    return { name: this.words().people.results(found.length), emoji: found };
  }

  get #columns(): number {
    const grid = this.#host.querySelector('.grid');
    return grid ? getComputedStyle(grid).gridTemplateColumns.split(' ').length : 0;
  }
}

function toList(found: unknown): readonly string[] {
  return Array.isArray(found) ? found.filter((emoji) => typeof emoji === 'string') : [];
}
