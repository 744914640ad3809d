import { type Routes } from '@angular/router';
import { Welcome } from './session/welcome';

/** Every address of the client. */
export const routes: Routes = [{ path: '', component: Welcome }];
