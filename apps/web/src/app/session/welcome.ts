import { Component } from '@angular/core';
import { LIMITS } from '@parley/contract';
import { ChatClient } from '@parley/sdk';

/** What this is, and the two ways in. */
@Component({ selector: 'parley-welcome', templateUrl: './welcome.html' })
export class Welcome {
  readonly limit = LIMITS.passwordMin;
  readonly client = new ChatClient();
}
