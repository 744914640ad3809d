import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Session } from './session';

const HOME = '/chat';

/** Lets those in who are signed in. Others sign in first and come back to where they were going; who has signed out is shown out. */
export const signedInOnly: CanActivateFn = (_route, { url }) => {
  const session = inject(Session);
  const router = inject(Router);
  if (session.me()) return true;
  if (session.ending() === 'signedOut') return router.parseUrl('/');
  return router.createUrlTree(['/sign-in'], { queryParams: url === HOME ? {} : { to: url } });
};

/** The ways in are for those who are not signed in; others go on to where they were going. */
export const signedOutOnly: CanActivateFn = ({ queryParamMap }) =>
  inject(Session).me() ? inject(Router).parseUrl(queryParamMap.get('to') ?? HOME) : true;
