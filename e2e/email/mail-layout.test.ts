import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const fixtures = resolve(import.meta.dirname, '../../controller/src/notify/render/fixtures');
const mails = readdirSync(fixtures).filter((file) => file.endsWith('.html'));
const executablePath = '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Lightest contrast that counts as readable (WCAG AA). */
const LEAST_CONTRAST = 4.5;

/** Runs in the page: every text with the colour it has and the one behind it, as contrast ratios. */
const contrastsOfPage = `(() => {
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  return [...document.body.querySelectorAll('*')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''))
    .filter((element) => element.offsetParent !== null)
    .map((element) => {
      const text = luminance(parse(getComputedStyle(element).color).slice(0, 3));
      const back = luminance(behind(element));
      const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
      return { text: element.textContent.trim().slice(0, 40), ratio };
    });
})()`;

// With CI=true it runs in any case, and fails where there is no browser.
describe.skipIf(!existsSync(executablePath) && process.env['CI'] !== 'true')('alert mails in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: flags });
  }, 30_000);
  afterAll(async () => {
    await browser.close();
  });

  describe.each([
    ['desktop', 800],
    ['phone', 375],
    ['small phone', 320],
  ])('on a %s', (_, width) => {
    it.each(mails)('fits %s without scrolling sideways', async (file) => {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      await page.setContent(readFileSync(join(fixtures, file), 'utf8'));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.close();
    });
  });

  describe.each(['light', 'dark'] as const)('in %s mode', (colorScheme) => {
    it.each(mails)('shows all of %s readably', async (file) => {
      const page = await browser.newPage({ colorScheme });
      await page.setContent(readFileSync(join(fixtures, file), 'utf8'));
      const contrasts: readonly { readonly text: string; readonly ratio: number }[] =
        await page.evaluate(contrastsOfPage);
      expect(contrasts.length).toBeGreaterThan(2);
      expect(contrasts.filter(({ ratio }) => ratio < LEAST_CONTRAST)).toEqual([]);
      await page.close();
    });
  });
});
