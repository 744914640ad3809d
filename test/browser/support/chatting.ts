import type { Locator, Page } from 'playwright-core';
import type { Look } from './look';
import type { Pair, Site } from './site';

/** Two people whose pages show their private chat, in which nobody has said anything yet. */
export async function twoPeopleReady(site: Site, look: Partial<Look> = {}): Promise<Pair> {
  const pair = await site.twoPeopleTalking(look);
  for (const { page } of [pair.an, pair.binh]) {
    await page.getByText(/Say hello|Gửi lời chào nhé/).waitFor();
    await page.waitForLoadState('networkidle');
  }
  return pair;
}

/** Where a message is written, in either language. */
export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: /Write a message|Nhập tin nhắn/ });
}

/** What was said, as far as it is in the page. */
export function log(page: Page): Locator {
  return page.getByRole('log');
}

/** Writes a message and sends it. */
export async function says(page: Page, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await composer(page).fill(text);
    await composer(page).press('Enter');
  }
}

/** Waits until a message can be seen. */
export async function hears(page: Page, text: string): Promise<void> {
  await message(page, text).waitFor();
}

/** The row of a message. */
export function message(page: Page, text: string): Locator {
  return log(page)
    .getByRole('listitem')
    .filter({ has: page.getByText(text, { exact: true }) });
}

/** All messages in the page that have one of these texts, in their order. */
export async function order(page: Page, ...texts: string[]): Promise<string[]> {
  const shown = await log(page).locator('parley-rich-text').allInnerTexts();
  return shown.filter((text) => texts.includes(text));
}
