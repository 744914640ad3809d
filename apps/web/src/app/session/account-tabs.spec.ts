import type { OutboxNews } from '@parley/sdk';
import type { Subscription } from 'rxjs';
import { eventually } from '../../testing/eventually';
import { installFakeTabs, looksAtTab, withoutLocks } from '../../testing/fake-tabs';
import { AccountTabs } from './account-tabs';

const NEWS: OutboxNews = { type: 'discarded', clientId: 'one' };

describe('AccountTabs', () => {
  const open: AccountTabs[] = [];
  const asking: Subscription[] = [];

  beforeEach(() => {
    installFakeTabs();
    looksAtTab(false);
  });
  afterEach(() => {
    for (const turn of asking.splice(0)) turn.unsubscribe();
    for (const tabs of open.splice(0)) tabs.close();
    looksAtTab(true);
  });

  function tab(account = 'me'): AccountTabs {
    const tabs = new AccountTabs(account);
    open.push(tabs);
    return tabs;
  }

  /** Whether each tab has the turn, as it changes. */
  function ask(...tabs: AccountTabs[]): { turns: boolean[]; give: (number: number) => void } {
    const turns = tabs.map(() => false);
    const asked = tabs.map(({ turn$ }, at) => turn$.subscribe((isMine) => (turns[at] = isMine)));
    asking.push(...asked);
    return { turns, give: (number) => asked[number]!.unsubscribe() };
  }

  it('tell each other of the same account, and not themselves', async () => {
    const heard: string[] = [];
    const [here, there, elsewhere] = [tab(), tab(), tab('somebody else')];
    here.news$.subscribe(() => heard.push('here'));
    there.news$.subscribe((news) => heard.push(`there: ${news.type}`));
    elsewhere.news$.subscribe(() => heard.push('elsewhere'));
    here.tell(NEWS);
    await eventually(() => expect(heard).toEqual(['there: discarded']));
    here.close();
    expect(() => here.tell(NEWS)).not.toThrow();
  });

  it('have the turn one at a time, the next when one gives it up', async () => {
    const { turns, give } = ask(tab(), tab());
    await eventually(() => expect(turns).toEqual([true, false]));
    give(0);
    await eventually(() => expect(turns[1]).toBe(true));
  });

  it('give the turn to the one that somebody looks at', async () => {
    const first = ask(tab());
    await eventually(() => expect(first.turns).toEqual([true]));
    looksAtTab(true);
    const second = ask(tab());
    await eventually(() => expect([first.turns, second.turns]).toEqual([[false], [true]]));
    // Jsdom has one document for both: the first is looked at again, and the second has it already.
    looksAtTab(false);
    looksAtTab(true);
    await eventually(() => expect([first.turns, second.turns]).toEqual([[true], [false]]));
    first.give(0);
    await eventually(() => expect(second.turns).toEqual([true]));
  });

  it('all have it where the browser has no locks', () => {
    withoutLocks();
    expect(ask(tab(), tab()).turns).toEqual([true, true]);
  });
});
