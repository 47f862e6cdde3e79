/** Pictures of the page for the documentation, from a running system: node e2e/dashboard/screenshots.ts [URL] */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { desktop, openPage, phone } from './browser.ts';

const folder = resolve(import.meta.dirname, '../../docs/images');
const url = process.argv[2] ?? 'http://127.0.0.1:8001/';

await mkdir(folder, { recursive: true });
const pictures = [
  { name: 'desktop', viewport: desktop, scale: 1 },
  { name: 'phone', viewport: phone, scale: 2 },
] as const;
for (const { name, viewport, scale } of pictures) {
  const path = resolve(folder, `dashboard-${name}.png`);
  const opened = await openPage(url, { viewport, scale });
  try {
    await opened.page.screenshot({ path, fullPage: true });
    console.log(path);
  } finally {
    await opened.close();
  }
}
