import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Language } from './language';
import { Notice } from './notice';

/** For an address that leads nowhere. */
@Component({
  selector: 'parley-not-found',
  imports: [MatButton, Notice, RouterLink],
  templateUrl: './not-found.html',
  styleUrl: './not-found.css',
})
export class NotFound {
  readonly words = inject(Language).words;
}
