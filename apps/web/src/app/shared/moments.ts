import { computed, inject, Injectable } from '@angular/core';
import type { Timestamp } from '@parley/contract';
import { Language } from './language';
import { lazily } from './lazily';

const DAY_MS = 86_400_000;

/** Moments in the words and customs of the reader's locale and in the reader's time zone. */
@Injectable({ providedIn: 'root' })
export class Moments {
  readonly #language = inject(Language);
  readonly #formats = computed(() => formatsOf(this.#language.locale()));

  /** The time of day: `14:05`. */
  time(at: Timestamp): string {
    return this.#formats().time().format(new Date(at));
  }

  /** The day as a heading: `Today`, `Yesterday`, or a date with the year where it is another one. */
  day(at: Timestamp, now = new Date()): string {
    const date = new Date(at);
    const age = daysBetween(date, now);
    if (age === 0 || age === 1) return capital(this.#formats().relative().format(-age, 'day'));
    const { dayOfYear, dayOfAnyYear } = this.#formats();
    return (date.getFullYear() === now.getFullYear() ? dayOfYear : dayOfAnyYear)().format(date);
  }

  /** The date with its year: `22 November 2026`. */
  date(at: Timestamp): string {
    return this.#formats().dayOfAnyYear().format(new Date(at));
  }

  /** Day and time in full, for a tooltip. */
  full(at: Timestamp): string {
    return this.#formats().full().format(new Date(at));
  }

  /** As short as a list wants it: the time of today, the weekday of this week, a date before that. */
  short(at: Timestamp, now = new Date()): string {
    const date = new Date(at);
    const age = daysBetween(date, now);
    const { time, weekday, shortDate } = this.#formats();
    if (age <= 0) return time().format(date);
    return (age < 7 ? weekday : shortDate)().format(date);
  }

  /** How long ago: `now`, `5 minutes ago`, `yesterday`. */
  ago(at: Timestamp, now = new Date()): string {
    const seconds = (now.getTime() - new Date(at).getTime()) / 1_000;
    const { relative } = this.#formats();
    const unit = UNITS.find(([size]) => seconds >= size);
    return unit ? relative().format(-Math.floor(seconds / unit[0]), unit[1]) : relative().format(0, 'second');
  }
}

const UNITS: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [7 * 86_400, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
];

/** The formats of a locale, each made when it is needed: that takes a phone longer than all that is done with it. */
function formatsOf(locale: string) {
  const format = (options: Intl.DateTimeFormatOptions) => lazily(() => new Intl.DateTimeFormat(locale, options));
  return {
    time: format({ hour: 'numeric', minute: '2-digit' }),
    weekday: format({ weekday: 'short' }),
    shortDate: format({ day: 'numeric', month: 'numeric', year: '2-digit' }),
    dayOfYear: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    dayOfAnyYear: format({ day: 'numeric', month: 'long', year: 'numeric' }),
    full: format({ dateStyle: 'full', timeStyle: 'short' }),
    relative: lazily(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })),
  };
}

/** Midnights between two moments, in the reader's time zone. */
function daysBetween(earlier: Date, later: Date): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY_MS);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
