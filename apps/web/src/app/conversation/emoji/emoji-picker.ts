import { Component, DestroyRef, DOCUMENT, ElementRef, inject, output } from '@angular/core';
import { Language } from '../../shared/language';
import { EmojiGrid } from './emoji-grid';

/** Emoji to choose from, above the field that they are for. */
@Component({
  selector: 'parley-emoji-picker',
  imports: [EmojiGrid],
  templateUrl: './emoji-picker.html',
  styleUrl: './emoji-picker.css',
  host: { '(keydown.escape)': 'close($event)' },
})
export class EmojiPicker {
  readonly words = inject(Language).words;
  readonly picked = output<string>();
  readonly closed = output();

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const document = inject(DOCUMENT);
    const outside = ({ target }: Event): void => {
      if (target instanceof Node && !host.parentElement?.contains(target)) this.closed.emit();
    };
    document.addEventListener('pointerdown', outside);
    inject(DestroyRef).onDestroy(() => document.removeEventListener('pointerdown', outside));
  }

  close(event: Event): void {
    event.preventDefault();
    this.closed.emit();
  }
}
