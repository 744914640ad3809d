import { Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';

/** The whole page: what the address says. */
@Component({
  selector: 'parley-root',
  imports: [RouterOutlet],
  templateUrl: './app.html',
})
export class App {}
