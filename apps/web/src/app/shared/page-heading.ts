import { afterNextRender, Directive, ElementRef, inject } from '@angular/core';
import { Router } from '@angular/router';

/**
 * The heading of a page of its own. It takes the focus when somebody comes to the page from another one, so that
 * screen readers tell where they are and the keyboard begins there; not on the first page, where the browser does that.
 */
@Directive({ selector: 'h1[parleyPageHeading]', host: { tabindex: '-1' } })
export class PageHeading {
  constructor() {
    if (!inject(Router).navigated) return;
    const { nativeElement } = inject<ElementRef<HTMLElement>>(ElementRef);
    afterNextRender(() => nativeElement.focus({ preventScroll: true }));
  }
}
