import { Component } from '@angular/core';

/** Grey bubbles in the place of messages that are being loaded. */
@Component({
  selector: 'parley-list-skeleton',
  templateUrl: './list-skeleton.html',
  styleUrl: './list-skeleton.css',
  host: { 'aria-hidden': 'true' },
})
export class ListSkeleton {
  readonly bubbles = ['', 'long', 'own', '', 'own long'];
}
