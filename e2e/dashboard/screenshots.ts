/** Pictures of the page for the documentation, of made-up containers: node e2e/dashboard/screenshots.ts [FOLDER] */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { desktop, openPage, phone } from './browser.ts';
import { picturedHistory, putPictured } from './pictured.ts';
import { simulate } from './simulated.ts';

const folder = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../../docs/images'));
const pictures = [
  { name: 'desktop', path: '', viewport: desktop, scale: 1, theme: 'dark' },
  { name: 'light', path: '', viewport: desktop, scale: 1, theme: 'light' },
  { name: 'phone', path: '', viewport: phone, scale: 2, theme: 'dark' },
] as const;
/** Sparklines and uptime come after the rows. */
const SETTLE_MS = 3000;

await mkdir(folder, { recursive: true });
const simulated = await simulate({ containers: 0, history: picturedHistory });
putPictured(simulated);
try {
  for (const { name, path, viewport, scale, theme } of pictures) {
    const file = resolve(folder, `dashboard-${name}.png`);
    const opened = await openPage(`${simulated.url}${path}`, { viewport, scale, theme });
    try {
      await opened.page.waitForTimeout(SETTLE_MS);
      await opened.page.screenshot({ path: file });
      console.log(file);
    } finally {
      await opened.close();
    }
  }
} finally {
  await simulated.close();
}
