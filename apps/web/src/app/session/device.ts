/** What a User-Agent says of a device, as far as people care. */
export interface Device {
  browser: string | null;
  system: string | null;
  isPhone: boolean;
}

type Signs = readonly (readonly [sign: RegExp, name: string])[];

/** The first that fits: browsers name their ancestors too. */
const BROWSERS: Signs = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bcoc_coc_browser\//, 'Cốc Cốc'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/\S+.*\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
  [/^node\b/i, 'Node'],
];

const SYSTEMS: Signs = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\b(Macintosh|Mac OS X)\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** Reads a User-Agent; nothing is certain about one, so what is not known is null. */
export function deviceOf(userAgent: string): Device {
  const isPhone = /\biPhone\b|\bAndroid\b.*\bMobile\b/.test(userAgent);
  return { browser: named(BROWSERS, userAgent), system: named(SYSTEMS, userAgent), isPhone };
}

function named(signs: Signs, userAgent: string): string | null {
  return signs.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}
