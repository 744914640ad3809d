import AxeBuilder from '@axe-core/playwright';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Locator, Page, Response } from 'playwright-core';
import { Line } from '../../faults/line';
import { within } from '../../support/deadline';
import type { Person } from '../../support/people';
import { Complaints } from './complaints';
import { contextOptions, type Look } from './look';

const PICTURES = resolve(__dirname, '../../../screenshots');
/** How often a Tab is pressed before what it looks for counts as out of reach. */
const MOST_TABS = 60;

/** Somebody at a browser of their own, with a line of their own to the server. Signed in where there is a `person`. */
export class Visitor {
  readonly complaints: Complaints;

  private constructor(
    readonly page: Page,
    private seen: Look,
    private readonly line: Line,
    private readonly account: Person | undefined,
  ) {
    this.complaints = new Complaints(page.context());
  }

  /** Opens a browser that has nothing to show yet. */
  static async arrives(browser: Browser, port: number, look: Look, account?: Person): Promise<Visitor> {
    const line = await Line.to(port);
    const origin = `http://127.0.0.1:${line.nearPort}`;
    const localStorage = account ? [{ name: 'parley.session', value: sessionOf(account) }] : [];
    const context = await browser.newContext({
      ...contextOptions(look),
      baseURL: origin,
      storageState: { cookies: [], origins: [{ origin, localStorage }] },
    });
    context.setDefaultTimeout(30_000);
    return new Visitor(await context.newPage(), look, line, account);
  }

  /** How this browser sees Parley. */
  get look(): Look {
    return this.seen;
  }

  /** Who is signed in, for what is quicker by REST. */
  get person(): Person {
    if (!this.account) throw new Error('Nobody is signed in here.');
    return this.account;
  }

  /** Opens an address of Parley. */
  async goesTo(path: string): Promise<Response> {
    const response = await this.page.goto(path);
    if (!response) throw new Error(`${path} was not asked for: only what is after # differs.`);
    return response;
  }

  /** Another tab of the same browser. Its complaints count too. */
  async opensTab(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  /** Waits until it can be seen. */
  async sees(what: Locator): Promise<void> {
    await what.first().waitFor({ state: 'visible' });
  }

  /** Waits until it cannot be seen any more. */
  async seesNoMore(what: Locator): Promise<void> {
    await what.first().waitFor({ state: 'hidden' });
  }

  /** Waits until the page is at a path. */
  async isAt(path: string | RegExp): Promise<void> {
    const matches = (at: string): boolean => (typeof path === 'string' ? at === path : path.test(at));
    await this.page.waitForURL(({ pathname }) => matches(pathname));
  }

  /** Presses keys, one after the other. */
  async presses(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Goes from field to field by keyboard until this one has the focus. */
  async tabsTo(what: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const passed: string[] = [];
    while (passed.length < MOST_TABS) {
      await this.presses(key);
      if (await what.evaluate((element) => element === document.activeElement)) return;
      passed.push(await this.focused());
    }
    throw new Error(`Not reached by ${key}: ${String(what)}. Passed: ${passed.join(', ')}`);
  }

  /** What has the focus, such as `button "Sign in"`. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const { activeElement: element } = document;
      const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      return `${element?.localName ?? 'nothing'} "${name.trim().slice(0, 40)}"`;
    });
  }

  /** Waits until everything that moves or fades in, and comes to an end, has done so. */
  async comesToRest(): Promise<void> {
    await this.page.evaluate(async () => {
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    });
  }

  /** Fails with what axe finds wrong in the page as it is now; by some of its rules only, where these are named. */
  async findsItAccessible(rules?: readonly string[]): Promise<void> {
    await this.comesToRest();
    // There are no frames: the page that axe would open to put theirs together is not needed.
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode();
    const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes
        .filter(({ target }) => !isOpenMenu(id, target))
        .map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}\n${failureSummary ?? ''}`),
    );
    if (found.length > 0) throw new Error(`axe finds ${found.length} violations:\n${found.join('\n')}`);
  }

  /** Looks at the page in both themes: fails with what axe finds, and takes pictures. What a theme changes is colours. */
  async looksAt(view: string): Promise<void> {
    const { theme } = this.look;
    await this.findsItAccessible();
    await this.takesPicture(view);
    await this.prefers(theme === 'light' ? 'dark' : 'light');
    await this.findsItAccessible(['color-contrast']);
    await this.takesPicture(view);
    await this.prefers(theme);
  }

  /** Takes a picture of the page as it is now, into `screenshots`, named after the view and the look. */
  async takesPicture(view: string): Promise<void> {
    const { device, theme, language } = this.look;
    await this.page.evaluate(() => document.fonts.ready);
    const path = join(PICTURES, `${view}-${device}-${theme}-${language}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
  }

  /** The system changes to another theme. */
  async prefers(theme: Look['theme']): Promise<void> {
    this.seen = { ...this.seen, theme };
    await this.page.emulateMedia({ colorScheme: theme });
    // The page has the new colours when it has been drawn once.
    await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }

  /** The line to the server breaks; the browser knows it, as on a train. */
  async goesOffline(): Promise<void> {
    this.complaints.expectNoConnection();
    this.line.cut();
    await this.context.setOffline(true);
  }

  /** The line is there again. */
  async comesBackOnline(): Promise<void> {
    this.line.mend();
    await this.context.setOffline(false);
  }

  /** Sockets break and can be opened again at once; the browser thinks that nothing has happened. */
  losesSockets(): void {
    this.complaints.expectNoConnection();
    this.line.blink();
  }

  /** The session of this browser is ended from another device. */
  async losesSession(): Promise<void> {
    this.complaints.expect(/401|WebSocket/);
    const { items } = await this.person.rest.sessions();
    const own = items.find(({ current }) => current);
    if (!own) throw new Error('The session is not in the list.');
    await this.person.rest.revokeSession(own.id);
  }

  /** Closes the browser. What is still under way in its pages ends here. */
  async leaves(): Promise<void> {
    await within('the end of a browser', this.context.close());
    this.line.close();
    this.account?.hangsUp();
  }

  private get context(): BrowserContext {
    return this.page.context();
  }
}

/** An open menu stands beside the landmarks: it holds the focus until it is closed. */
function isOpenMenu(rule: string, target: readonly unknown[]): boolean {
  return rule === 'region' && target.join(' ') === '.cdk-overlay-container';
}

/** What the client keeps in local storage for somebody who has signed in: see apps/web/src/app/session/session.ts. */
function sessionOf({ token, me }: Person): string {
  const expires_at = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();
  return JSON.stringify({ status: 'in', token, user: me, expires_at });
}
