import { Component, input } from '@angular/core';

/** A message's text as it is meant to be seen. The one place that may make HTML of text. */
@Component({ selector: 'parley-rich-text', templateUrl: './rich-text.html', styleUrl: './rich-text.css' })
export class RichText {
  readonly text = input.required<string>();
}
