import { Component, computed, inject, input } from '@angular/core';
import type { Reaction } from '@parley/sdk';
import { Language } from '../shared/language';
import type { MessageRow } from './list/rows';
import { Reacting } from './reacting';

/** So many are named; of the others, how many they are. */
const NAMED = 12;

/** What people feel about a message: each emoji once, with how many they are; pressed, one joins in or steps back. */
@Component({
  selector: 'parley-message-reactions',
  templateUrl: './message-reactions.html',
  styleUrl: './message-reactions.css',
})
export class MessageReactions {
  readonly #language = inject(Language);
  readonly reacting = inject(Reacting);
  readonly words = this.#language.words;
  readonly row = input.required<MessageRow>();
  readonly isTabStop = input.required<boolean>();

  readonly chips = computed(() =>
    this.row().reactions.map((reaction) => ({
      emoji: reaction.emoji,
      count: reaction.users.length,
      isOwn: this.reacting.isOwn(reaction),
      label: this.#labelOf(reaction),
    })),
  );

  #labelOf(reaction: Reaction): string {
    const { emoji, users } = reaction;
    const { reaction: one, manyReactions } = this.words().conversation;
    const names = this.#namesOf(reaction);
    return users.length > 1 ? manyReactions(emoji, users.length, names) : one(emoji, names);
  }

  /** One's own first: `You, Bình and 3 others`. */
  #namesOf(reaction: Reaction): string {
    const { common, conversation } = this.words();
    const others = reaction.users.filter((user) => !this.reacting.isMe(user)).map(({ name }) => name);
    const names = this.reacting.isOwn(reaction) ? [common.you, ...others] : others;
    const more = names.length - NAMED;
    const shown = more > 0 ? [...names.slice(0, NAMED), conversation.others(more)] : names;
    return new Intl.ListFormat(this.#language.locale()).format(shown);
  }
}
