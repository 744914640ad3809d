import { type Route, type Routes } from '@angular/router';
import { signedInOnly, signedOutOnly } from './session/guards';
import { Welcome } from './session/welcome';
import { titled } from './shared/page-title';

const WAY_IN: Partial<Route> = { canActivate: [signedOutOnly], runGuardsAndResolvers: 'always' };
const INSIDE: Partial<Route> = { canActivate: [signedInOnly], runGuardsAndResolvers: 'always' };

/** Every address of the client. What is behind the welcome page is loaded when it is first shown. */
export const routes: Routes = [
  { path: '', pathMatch: 'full', component: Welcome, ...WAY_IN },
  {
    path: 'sign-in',
    loadComponent: async () => (await import('./session/sign-in')).SignInPage,
    data: titled(({ session }) => session.signIn.title),
    ...WAY_IN,
  },
  {
    path: 'sign-up',
    loadComponent: async () => (await import('./session/sign-up')).SignUpPage,
    data: titled(({ session }) => session.signUp.title),
    ...WAY_IN,
  },
  {
    path: 'chat',
    loadChildren: async () => (await import('./chat-page/chat-routes')).chatRoutes,
    data: titled(({ rooms }) => rooms.title),
    ...INSIDE,
  },
  {
    path: 'sessions',
    loadComponent: async () => (await import('./session/sessions-page')).SessionsPage,
    data: titled(({ session }) => session.sessions.title),
    ...INSIDE,
  },
  {
    path: 'settings',
    loadComponent: async () => (await import('./session/settings-page')).SettingsPage,
    data: titled(({ session }) => session.settings.title),
    ...INSIDE,
  },
  {
    path: '**',
    loadComponent: async () => (await import('./shared/not-found')).NotFound,
    data: titled(({ common }) => common.notFoundTitle),
  },
];
