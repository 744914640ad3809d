import { ParleyError } from '@parley/sdk';
import { Page } from '../../../testing/page';
import { message, roomState, system } from '../../../testing/samples';
import { ListStart } from './list-start';

describe('ListStart', () => {
  beforeEach(() => localStorage.setItem('parley.language', '"en"'));

  it('says hello where nobody has said anything', async () => {
    expect((await Page.of(ListStart, { state: roomState([system(1)]), failure: null })).text).toContain('Say hello');
  });

  it('says when it all began', async () => {
    const page = await Page.of(ListStart, { state: roomState([message(1)]), failure: null });
    expect(page.text).toMatch(/^It all began here.*2026/);
  });

  it('says that there is more to come', async () => {
    const page = await Page.of(ListStart, { state: { ...roomState([message(9)]), hasOlder: true }, failure: null });
    expect(page.text).toBe('Loading older messages…');
  });

  it('says why older messages could not be had, and offers to try again', async () => {
    const failure = new ParleyError('NETWORK_FAILED', 'No.');
    const page = await Page.of(ListStart, { state: { ...roomState([message(9)]), hasOlder: true }, failure });
    const retry = jest.fn();
    page.fixture.componentInstance.retry.subscribe(retry);
    expect(page.find('[role=alert]').textContent).toContain('Older messages could not be loaded.');
    await page.click('button');
    expect(retry).toHaveBeenCalledTimes(1);
  });
});
