/**
 * Pictures of the mails that are kept as fixtures, to be looked at: node e2e/email/screenshots.ts FOLDER [NAME ...]
 * Without a folder those of the documentation.
 */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { systemClock } from '../../controller/src/clock.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { buildChart } from '../../controller/src/notify/builders.ts';
import { createChartPainter } from '../../controller/src/notify/chart/chart-png.ts';
import { CHROMIUM_PATH } from '../requirements.ts';

const fixtures = resolve(import.meta.dirname, '../../controller/src/notify/render/fixtures');
const images = resolve(import.meta.dirname, '../../docs/images');
const viewports = { desktop: { width: 800, height: 600 }, phone: { width: 375, height: 700 } } as const;
const looks = [
  ['desktop', 'light'],
  ['desktop', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
] as const;
const shown = ['critical-first-desktop-light', 'critical-crashed-phone-dark', 'notice-digest-desktop-light'];

const [folder = images, ...wanted] = process.argv.slice(2);
const names = (await readdir(fixtures)).filter((file) => file.endsWith('.html')).map((file) => file.slice(0, -5));
const png = await createChartPainter({ clock: systemClock, log: createSilentLog() })(buildChart());
const chart = `data:image/png;base64,${Buffer.from(png ?? []).toString('base64')}`;

const pictures = names
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .flatMap((name) =>
    looks.map(([device, colorScheme]) => ({ name, device, colorScheme, file: `${name}-${device}-${colorScheme}` })),
  )
  .filter(({ file }) => folder !== images || shown.includes(file));

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const { name, file, device, colorScheme } of pictures) {
    const mail = await readFile(resolve(fixtures, `${name}.html`), 'utf8');
    const page = await browser.newPage({ viewport: viewports[device], colorScheme });
    await page.setContent(mail.replaceAll(/cid:chart-\d+@foghorn/g, chart));
    await page.screenshot({ path: resolve(folder, `${folder === images ? 'mail-' : ''}${file}.png`), fullPage: true });
    await page.close();
  }
} finally {
  await browser.close();
}
