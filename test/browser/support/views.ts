import type { Locator, Page } from 'playwright-core';
import type { Words } from '../../../apps/web/src/app/shared/words/en';
import type { House } from './house';
import type { Visitor } from './visitor';
import { wordsOf } from './words';

/** What a view needs to be shown. */
export interface Stage {
  visitor: Visitor;
  page: Page;
  house: House;
  words: Words;
}

/** A state of the client that can be looked at. */
export interface View {
  name: string;
  /** Who looks: nobody who is signed in, somebody new, or An, who has rooms. */
  who: 'stranger' | 'newcomer' | 'an';
  /** Gets there; resolves with something that is seen then. */
  shows(stage: Stage): Promise<Locator>;
}

/** How to get to a view. */
export type Shows = View['shows'];

/** A view by who looks at it, its name, and how to get there. */
export const view = (who: View['who'], name: string, shows: Shows): View => ({ who, name, shows });
/** A button by its whole name. */
export const button = ({ page }: Stage, name: string): Locator => page.getByRole('button', { name, exact: true });

/** At an address, where something is seen. */
export const at =
  (path: string | ((house: House) => string), seen: (stage: Stage) => Locator): Shows =>
  async (stage) => {
    await stage.page.goto(typeof path === 'string' ? path : path(stage.house));
    return seen(stage);
  };

const heading = ({ page }: Stage): Locator => page.getByRole('heading', { level: 1 });
const rows = ({ page }: Stage): Locator => page.getByRole('navigation').getByRole('link').first();
const composer = ({ page, words }: Stage): Locator => page.getByRole('textbox', { name: words.conversation.write });
const dialog = ({ page }: Stage): Locator => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const menu = ({ page }: Stage): Locator => page.getByRole('menu');

const atRooms = at('/chat', rows);
/** In a private chat. */
export const atTalk = at(
  ({ talk }) => `/chat/${talk.id}`,
  ({ page }) => page.getByRole('log').getByText('See you there'),
);
const atDetails = at(
  ({ group }) => `/chat/${group.id}?details`,
  ({ page }) => page.getByRole('complementary').getByText('Mai Lê'),
);

/** From a view on: a press of a button, and what that shows. */
const then =
  (first: Shows, press: (stage: Stage) => Locator, seen: (stage: Stage) => Locator): Shows =>
  async (stage) => {
    await (await first(stage)).waitFor();
    await press(stage).click();
    return seen(stage);
  };

/** With something in the search. */
export const searching =
  (text: string, seen: (stage: Stage) => Locator): Shows =>
  async (stage) => {
    await (await atRooms(stage)).waitFor();
    await stage.page.getByRole('combobox', { name: stage.words.people.search }).fill(text);
    return seen(stage);
  };

const newThing = (item: 'newChat' | 'newGroup' | 'newRoom'): Shows =>
  then(
    then(atRooms, (stage) => button(stage, stage.words.rooms.create), menu),
    ({ page, words }) => page.getByRole('menuitem', { name: words.rooms[item] }),
    dialog,
  );

/** Every view, as it is when all is well. */
export const VIEWS: readonly View[] = [
  view('stranger', 'welcome', at('/', heading)),
  view('stranger', 'sign-up', at('/sign-up', heading)),
  view(
    'stranger',
    'sign-up-errors',
    then(
      at('/sign-up', heading),
      (stage) => button(stage, stage.words.session.signUp.submit),
      ({ page, words }) => page.getByText(words.session.problems.nameMissing),
    ),
  ),
  view('stranger', 'sign-in', at('/sign-in', heading)),
  view('stranger', 'sign-in-errors', async (stage) => {
    const { page, words, visitor } = stage;
    visitor.complaints.expect(/401/);
    await page.goto('/sign-in');
    await page.getByRole('textbox', { name: words.session.fields.phone }).fill('+84 912 000 000');
    await page.getByLabel(words.session.fields.password, { exact: true }).fill('not the password');
    await button(stage, words.session.signIn.submit).click();
    return page.getByText(words.errors.BAD_CREDENTIALS);
  }),
  view('stranger', 'not-found', at('/nowhere', heading)),
  view(
    'newcomer',
    'chat-empty',
    at('/chat', ({ page, words }) => page.getByRole('heading', { name: words.rooms.emptyTitle })),
  ),
  view(
    'newcomer',
    'door',
    at(
      ({ open }) => `/chat/${open.id}`,
      (stage) => button(stage, stage.words.rooms.door.join),
    ),
  ),
  view('newcomer', 'no-such-room', async (stage) => {
    stage.visitor.complaints.expect(/404/);
    await stage.page.goto('/chat/000000000000000000000000');
    return stage.page.getByText(stage.words.errors.ROOM_NOT_FOUND);
  }),
  view('an', 'rooms', atRooms),
  view(
    'an',
    'new-menu',
    then(atRooms, (stage) => button(stage, stage.words.rooms.create), menu),
  ),
  view('an', 'new-chat', newThing('newChat')),
  view('an', 'new-group', newThing('newGroup')),
  view('an', 'new-room', newThing('newRoom')),
  view(
    'newcomer',
    'browse-rooms',
    then(
      at('/chat', ({ page, words }) => page.getByRole('heading', { name: words.rooms.emptyTitle })),
      (stage) => button(stage, stage.words.rooms.browse.title),
      (stage) => dialog(stage).getByRole('listitem').first(),
    ),
  ),
  view(
    'an',
    'account-menu',
    then(atRooms, (stage) => button(stage, stage.words.session.account), menu),
  ),
  view(
    'an',
    'search',
    searching('binh', ({ page }) => page.getByRole('option', { name: /Bình Trần/ })),
  ),
  view(
    'an',
    'search-nothing',
    searching('zzz', ({ page, words }) => page.getByText(words.people.nothingFound)),
  ),
  view('an', 'shortcuts', async (stage) => {
    await (await atRooms(stage)).waitFor();
    await stage.page.keyboard.press('?');
    return dialog(stage);
  }),
  view('an', 'conversation', atTalk),
  view(
    'an',
    'conversation-of-many',
    at(
      ({ group }) => `/chat/${group.id}`,
      ({ page }) => page.getByRole('log').getByText('I bring mangoes'),
    ),
  ),
  view(
    'an',
    'conversation-empty',
    at(({ quiet }) => `/chat/${quiet.id}`, composer),
  ),
  view(
    'an',
    'emoji',
    then(
      atTalk,
      (stage) => button(stage, stage.words.conversation.emoji),
      ({ page }) => page.getByText('😀').first(),
    ),
  ),
  view('an', 'message-menu', async (stage) => {
    await (await atTalk(stage)).waitFor();
    // It is seen while somebody points at the message, or comes there by keyboard.
    await button(stage, stage.words.conversation.actions).last().press('Enter');
    return menu(stage);
  }),
  view('an', 'details', atDetails),
  view(
    'an',
    'add-people',
    then(atDetails, (stage) => button(stage, stage.words.rooms.add.title), dialog),
  ),
  view(
    'an',
    'leave',
    then(atDetails, (stage) => button(stage, stage.words.rooms.leave.action), dialog),
  ),
  view(
    'an',
    'delete',
    then(atDetails, (stage) => button(stage, stage.words.rooms.remove.action), dialog),
  ),
  view(
    'an',
    'sessions',
    at('/sessions', ({ page, words }) => page.getByText(words.session.sessions.current).first()),
  ),
  view('an', 'settings', at('/settings', heading)),
];

/** The stage of a visitor. */
export function stageOf(visitor: Visitor, house: House): Stage {
  return { visitor, page: visitor.page, house, words: wordsOf(visitor.look) };
}
