import { inject, Injectable, resource } from '@angular/core';
import { Language, type LanguageCode } from '../../shared/language';
import { type BookGroup, grouped, type Listed, type NamedEmoji } from './emoji-list';

/** All emoji, with their names in the language of the page. They are fetched when somebody first wants to choose one. */
@Injectable({ providedIn: 'root' })
export class EmojiBook {
  readonly #language = inject(Language).code;
  readonly #groups = resource({
    params: () => this.#language(),
    loader: ({ params, abortSignal }) => load(params, abortSignal),
  });

  /** The groups with their emoji; empty before they are there, and where they cannot be fetched. */
  groups(): ReadonlyMap<BookGroup, readonly NamedEmoji[]> {
    return this.#groups.hasValue() ? this.#groups.value() : new Map();
  }

  /** Asks once more, where that failed. */
  retry(): void {
    if (this.#groups.status() === 'error') this.#groups.reload();
  }
}

async function load(language: LanguageCode, signal: AbortSignal): Promise<ReturnType<typeof grouped>> {
  const answer = await fetch(`/emoji/${language}/compact.json`, { signal });
  if (!answer.ok) throw new Error(`The emoji could not be fetched: ${answer.status}.`);
  return grouped((await answer.json()) as Listed[], asWideAsOthers());
}

/**
 * Whether an emoji is as wide as one that every system has. What a system's fonts do not know they draw as a box, as
 * letters or as several emoji side by side.
 */
function asWideAsOthers(): (emoji: string) => boolean {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return () => true;
  pen.font = `24px ${getComputedStyle(document.body).fontFamily}`;
  const width = pen.measureText('😀').width;
  return (emoji) => Math.abs(pen.measureText(emoji).width - width) < width / 4;
}
