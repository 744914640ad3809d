import { Component, type ElementRef, inject, input, model, output, viewChild } from '@angular/core';
import { Icon } from './icon';
import { Language } from './language';

/** As much as the server takes of a search. */
const MOST = 100;

/** The field of a search whose results are a listbox that is shown elsewhere. Escape clears it. */
@Component({
  selector: 'parley-search-field',
  imports: [Icon],
  templateUrl: './search-field.html',
  styleUrl: './search-field.css',
})
export class SearchField {
  readonly words = inject(Language).words;
  readonly label = input.required<string>();
  /** A search box filters what is seen anyway; a combobox has a listbox. */
  readonly kind = input<'combobox' | 'searchbox'>('combobox');
  /** The id of the listbox, while it is shown. */
  readonly listbox = input<string | null>(null);
  readonly activeId = input<string | null>(null);
  readonly query = model('');
  /** The keys that the listbox has a use for. */
  readonly press = output<KeyboardEvent>();
  readonly most = MOST;
  readonly box = viewChild.required<ElementRef<HTMLInputElement>>('field');

  focus(): void {
    this.box().nativeElement.focus();
    this.box().nativeElement.select();
  }

  onKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) this.#escape(event);
    else this.press.emit(event);
  }

  clear(): void {
    this.query.set('');
    this.focus();
  }

  #escape(event: KeyboardEvent): void {
    if (this.query() === '') return;
    event.preventDefault();
    event.stopPropagation();
    this.query.set('');
  }
}
