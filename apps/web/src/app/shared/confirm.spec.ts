import { TestBed } from '@angular/core/testing';
import { eventually } from '../../testing/eventually';
import { Confirm } from './confirm';

const QUESTION = { title: 'Really?', text: 'All of it goes.', confirm: 'Delete it' };

describe('Confirm', () => {
  const dialog = () => document.querySelector<HTMLElement>('[role=alertdialog]');
  const button = (text: string) =>
    [...document.querySelectorAll<HTMLElement>('[role=alertdialog] button')].find(
      (one) => one.textContent?.trim() === text,
    );
  async function asked(): Promise<{ answer: Promise<boolean> }> {
    const answer = TestBed.inject(Confirm).ask(QUESTION);
    await eventually(() => expect(dialog()?.textContent).toContain('All of it goes.'));
    return { answer };
  }

  it('is a yes only by the button that names the deed', async () => {
    const { answer } = await asked();
    expect(dialog()?.textContent).toContain('Really?');
    button('Delete it')?.click();
    expect(await answer).toBe(true);
  });

  it('is a no by the other one', async () => {
    const { answer } = await asked();
    button('Cancel')?.click();
    expect(await answer).toBe(false);
  });

  it('is a no by Escape', async () => {
    const { answer } = await asked();
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
    // The CDK looks at the old name of a key.
    Object.defineProperty(escape, 'keyCode', { value: 27 });
    document.body.dispatchEvent(escape);
    expect(await answer).toBe(false);
  });
});
