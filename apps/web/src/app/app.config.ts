import {
  type ApplicationConfig,
  ErrorHandler,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
} from '@angular/core';
import {
  type NavigationError,
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withNavigationErrorHandler,
} from '@angular/router';
import { routes } from './app.routes';
import { provideAdoptedStyles } from './shared/adopted-styles';
import { Language } from './shared/language';
import { MissingParts, UncaughtErrors } from './shared/missing-parts';
import { PageTitle } from './shared/page-title';
import { provideOfflineClient } from './shared/service-worker';

/** What the whole application is given. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideAdoptedStyles(),
    provideAppInitializer(() => inject(Language).ready()),
    provideRouter(routes, withComponentInputBinding(), withNavigationErrorHandler(goOnThere)),
    provideOfflineClient(),
    { provide: TitleStrategy, useExisting: PageTitle },
    { provide: ErrorHandler, useClass: UncaughtErrors },
  ],
};

/** A page that an update has taken away is come to by loading everything anew. */
function goOnThere({ error, url }: NavigationError): void {
  if (MissingParts.isMeantBy(error)) void inject(MissingParts).recover(url);
}
