/**
 * Draws the icons of the installed client from its mark, favicon.svg, with Chromium. What it draws is committed: run it
 * when the mark has changed.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { inRoot } from './setup.mjs';

const PUBLIC = inRoot('apps/web/public');
const TEAL = '#0a6660';

/** `mark` is how much of the width the mark takes; systems cut a maskable one to a shape of their own. */
const ICONS = [
  { name: 'icon-192', size: 192, mark: 1, ground: 'transparent' },
  { name: 'icon-512', size: 512, mark: 1, ground: 'transparent' },
  { name: 'maskable-512', size: 512, mark: 0.8, ground: TEAL },
  { name: 'apple-touch-180', size: 180, mark: 0.9, ground: TEAL },
];

const mark = `data:image/svg+xml;base64,${readFileSync(join(PUBLIC, 'favicon.svg')).toString('base64')}`;
mkdirSync(join(PUBLIC, 'icons'), { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false });
for (const { name, size, mark: share, ground } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<body style="margin: 0; display: grid; place-items: center; height: 100vh; background: ${ground}">
    <img src="${mark}" style="width: ${share * 100}%" /></body>`);
  await page.locator('img').evaluate((image) => image.decode());
  await page.screenshot({ path: join(PUBLIC, 'icons', `${name}.png`), omitBackground: true });
}
await browser.close();
