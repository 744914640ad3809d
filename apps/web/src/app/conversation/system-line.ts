import { Component, computed, inject, input } from '@angular/core';
import type { SystemEvent } from '@parley/contract';
import { Language } from '../shared/language';
import type { Words } from '../shared/words/en';
import type { SystemRow } from './list/rows';

type Sentences = Record<SystemEvent, (words: Words['conversation'], name: string) => string>;

const OWN: Sentences = {
  join: ({ youJoined }) => youJoined,
  leave: ({ youLeft }) => youLeft,
  delete: ({ youDeleted }) => youDeleted,
};

const OTHERS: Sentences = {
  join: ({ joined }, name) => joined(name),
  leave: ({ left }, name) => left(name),
  delete: ({ deleted }, name) => deleted(name),
};

/** Something that happened to the room, in the reader's words. */
@Component({ selector: 'parley-system-line', templateUrl: './system-line.html', styleUrl: './system-line.css' })
export class SystemLine {
  readonly #words = inject(Language).words;
  readonly row = input.required<SystemRow>();
  readonly text = computed(() => {
    const { entry, isOwn } = this.row();
    // A server may be newer than this page: what it says of an event that is not known here is in English.
    const sentence = (isOwn ? OWN : OTHERS)[entry.event] as Sentences[SystemEvent] | undefined;
    return sentence?.(this.#words().conversation, entry.user.name) ?? entry.message;
  });
}
