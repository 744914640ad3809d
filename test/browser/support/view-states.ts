import type { Locator } from 'playwright-core';
import { at, atTalk, button, searching, type Shows, type Stage, view, type View } from './views';

const skeleton = ({ page }: Stage): Locator => page.locator('.skeleton').filter({ visible: true }).first();

/** Requests that are never answered, as where the network swallows them. */
const hanging =
  (pattern: RegExp, shows: Shows): Shows =>
  async (stage) => {
    await stage.page.route(pattern, () => {});
    return shows(stage);
  };

/** Requests that fail, as where the server is stopped. */
const failing =
  (pattern: RegExp, shows: Shows): Shows =>
  async (stage) => {
    stage.visitor.complaints.expectNoConnection();
    await stage.page.route(pattern, (route) => route.abort());
    await stage.page.routeWebSocket(/\/ws$/, (socket) => socket.close());
    return shows(stage);
  };

/** The line hangs: a socket that opens and never says a word. */
const mute =
  (shows: Shows): Shows =>
  async (stage) => {
    await stage.page.routeWebSocket(/\/ws$/, () => {});
    return shows(stage);
  };

/** Views that wait for the server, and views that cannot have what they are for. */
export const STATES: readonly View[] = [
  view('an', 'rooms-loading', mute(at('/chat', skeleton))),
  view(
    'an',
    'conversation-loading',
    hanging(
      /\/log\?/,
      at(({ talk }) => `/chat/${talk.id}`, skeleton),
    ),
  ),
  view('an', 'sessions-loading', hanging(/\/api\/sessions/, at('/sessions', skeleton))),
  view(
    'newcomer',
    'door-loading',
    hanging(
      /\/api\/rooms\//,
      at(({ open }) => `/chat/${open.id}`, skeleton),
    ),
  ),
  view(
    'an',
    'search-loading',
    hanging(
      /\/api\/search_/,
      searching('xyz', ({ page, words }) => page.getByText(words.people.searching)),
    ),
  ),
  view(
    'an',
    'rooms-unreachable',
    failing(
      /\/api\//,
      at('/chat', ({ page, words }) => page.getByText(words.rooms.unreachableTitle)),
    ),
  ),
  view(
    'an',
    'sessions-unreachable',
    failing(
      /\/api\//,
      at('/sessions', ({ page, words }) => page.getByText(words.session.sessions.failedTitle)),
    ),
  ),
  view('an', 'conversation-offline', async (stage) => {
    await (await atTalk(stage)).waitFor();
    await stage.visitor.goesOffline();
    return stage.page.getByText(stage.words.conversation.lineDown).first();
  }),
  view(
    'stranger',
    'sign-in-unreachable',
    failing(/\/api\//, async (stage) => {
      const { page, words } = stage;
      await page.goto('/sign-in');
      await page.getByRole('textbox', { name: words.session.fields.phone }).fill('+84 912 000 000');
      await page.getByLabel(words.session.fields.password, { exact: true }).fill('some password');
      await button(stage, words.session.signIn.submit).click();
      return page.getByText(words.errors.NETWORK_FAILED);
    }),
  ),
];
