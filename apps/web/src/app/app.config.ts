import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
} from '@angular/core';
import { provideRouter, TitleStrategy, withComponentInputBinding } from '@angular/router';
import { routes } from './app.routes';
import { provideAdoptedStyles } from './shared/adopted-styles';
import { Language } from './shared/language';
import { PageTitle } from './shared/page-title';

/** What the whole application is given. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideAdoptedStyles(),
    provideAppInitializer(() => inject(Language).ready()),
    provideRouter(routes, withComponentInputBinding()),
    { provide: TitleStrategy, useExisting: PageTitle },
  ],
};
