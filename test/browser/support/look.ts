import { type BrowserContextOptions } from 'playwright-core';

/** What somebody looks at Parley with. */
export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  tablet: { viewport: { width: 768, height: 1024 }, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} satisfies Record<string, BrowserContextOptions>;

const LOCALES = { en: 'en-GB', vi: 'vi-VN' } as const;

/** How somebody sees Parley. */
export interface Look {
  device: keyof typeof DEVICES;
  /** What the system prefers. */
  theme: 'light' | 'dark';
  /** What the browser asks for. */
  language: keyof typeof LOCALES;
  /** Whether the system asks for less motion. */
  reducedMotion: boolean;
  /** Whether the browser keeps the client: there is a service worker. */
  keepsClient: boolean;
}

export const USUAL_LOOK: Look = {
  device: 'desktop',
  theme: 'light',
  language: 'en',
  reducedMotion: false,
  keepsClient: false,
};

/** Every device, for tests that look at a view on all of them. */
export const EVERY_DEVICE = Object.keys(DEVICES) as readonly Look['device'][];

/** A browser that is set so. The time zone is always the same, so that times in pictures are too. */
export function contextOptions(look: Look): BrowserContextOptions {
  const { device, theme, language, reducedMotion, keepsClient } = look;
  return {
    ...DEVICES[device],
    colorScheme: theme,
    locale: LOCALES[language],
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    timezoneId: 'Asia/Ho_Chi_Minh',
    serviceWorkers: keepsClient ? 'allow' : 'block',
  };
}
