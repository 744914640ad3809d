import { afterNextRender, Component, computed, DestroyRef, DOCUMENT, ElementRef, inject, output } from '@angular/core';
import { KeptValues } from '../../shared/kept';
import { Language } from '../../shared/language';
import { EMOJI, withRecent } from './emoji';

/** Where arrow keys lead, in emoji and in rows. */
const STEPS: Readonly<Record<string, { by: number; rows: number }>> = {
  ArrowLeft: { by: -1, rows: 0 },
  ArrowRight: { by: 1, rows: 0 },
  ArrowUp: { by: 0, rows: -1 },
  ArrowDown: { by: 0, rows: 1 },
};

/** A small grid of the emoji that people use most, those chosen lately first. */
@Component({
  selector: 'parley-emoji-picker',
  templateUrl: './emoji-picker.html',
  styleUrl: './emoji-picker.css',
  host: { '(keydown)': 'step($event)', '(keydown.escape)': 'close($event)' },
})
export class EmojiPicker {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #recent = inject(KeptValues).keep('emoji', toList);
  readonly words = inject(Language).words;
  readonly picked = output<string>();
  readonly closed = output();

  /** The groups that have anything, each under its name. */
  readonly groups = computed(() => {
    const { recent, faces, hands, life } = this.words().conversation.emojiGroups;
    const all = [
      { name: recent, emoji: this.#recentAtOpening },
      { name: faces, emoji: EMOJI.faces },
      { name: hands, emoji: EMOJI.hands },
      { name: life, emoji: EMOJI.life },
    ];
    return all.filter(({ emoji }) => emoji.length > 0);
  });

  // The grid does not move under the finger.
  readonly #recentAtOpening = this.#recent.value();

  constructor() {
    afterNextRender({ write: () => this.#host.querySelector('button')?.focus() });
    const document = inject(DOCUMENT);
    const outside = ({ target }: Event): void => {
      if (target instanceof Node && !this.#host.parentElement?.contains(target)) this.closed.emit();
    };
    document.addEventListener('pointerdown', outside);
    inject(DestroyRef).onDestroy(() => document.removeEventListener('pointerdown', outside));
  }

  pick(emoji: string): void {
    this.#recent.set(withRecent(this.#recent.value(), emoji));
    this.picked.emit(emoji);
  }

  close(event: Event): void {
    event.preventDefault();
    this.closed.emit();
  }

  step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.#host.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === event.target);
    buttons[at + step.by + step.rows * this.#columns]?.focus();
  }

  get #columns(): number {
    const grid = this.#host.querySelector('.grid');
    return grid ? getComputedStyle(grid).gridTemplateColumns.split(' ').length : 0;
  }
}

function toList(found: unknown): readonly string[] {
  return Array.isArray(found) ? found.filter((emoji) => typeof emoji === 'string') : [];
}
