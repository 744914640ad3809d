import { Component, computed, input } from '@angular/core';
import type { Presence } from '@parley/contract';
import { Icon } from './icon';
import type { IconName } from './icons';
import { lazily } from './lazily';

const HUES = 8;

/** A round sign for a person or a room: initials, or an icon, on a colour that follows from the id. */
@Component({
  selector: 'parley-avatar',
  imports: [Icon],
  templateUrl: './avatar.html',
  styleUrl: './avatar.css',
  host: {
    'aria-hidden': 'true',
    '[attr.data-hue]': 'hue()',
    '[attr.data-initials]': 'initials()',
    '[attr.data-presence]': 'sign()',
  },
})
export class Avatar {
  /** What the colour follows from: the same everywhere for the same id. */
  readonly id = input.required<string>();
  readonly name = input.required<string>();
  /** In place of the initials. */
  readonly icon = input<IconName>();
  /** How the person is: a sign at the lower edge, but for who is not there. */
  readonly presence = input<Presence>();
  readonly sign = computed(() => (this.presence() === 'offline' ? null : this.presence()));
  readonly hue = computed(() => hueOf(this.id()));
  /** Drawn by the style sheet: they are a picture, and no text that a label would have to repeat. */
  readonly initials = computed(() => (this.icon() ? null : initialsOf(this.name())));
}

/** The first signs of the first and of the last word, as a reader counts signs; of an emoji where there is no word. */
export function initialsOf(name: string): string {
  const parts = name.trim().split(/\s+/u);
  const named = parts.filter((part) => /^[\p{L}\p{N}]/u.test(part));
  const words = named.length > 0 ? named : parts;
  const ends = words.length > 1 ? [words.at(0), words.at(-1)] : words;
  return ends.map((word) => firstSign(word ?? '')).join('');
}

/** A word that begins with a letter of its own, to which nothing is added: most do. */
const PLAIN = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}](?![\p{M}\p{Cf}])/u;
// It brings the rules of every script along, which takes a phone its time.
const segmenter = lazily(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

function firstSign(word: string): string {
  const [plain] = PLAIN.exec(word) ?? [];
  const [first] = plain ? [{ segment: plain }] : segmenter().segment(word);
  return first?.segment.toLocaleUpperCase() ?? '';
}

function hueOf(id: string): number {
  return [...id].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 9973, 7) % HUES;
}
