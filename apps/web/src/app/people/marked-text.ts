import { Component, computed, input } from '@angular/core';
import { markedParts } from './marked-parts';

/** A name in which what was searched for is marked. */
@Component({ selector: 'parley-marked-text', templateUrl: './marked-text.html' })
export class MarkedText {
  readonly text = input.required<string>();
  readonly query = input.required<string>();
  readonly parts = computed(() => markedParts(this.text(), this.query()));
}
