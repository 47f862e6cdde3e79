import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_PATH } from '../requirements.ts';

export const desktop: Viewport = { width: 1280, height: 900 };
export const phone: Viewport = { width: 390, height: 844 };

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** A page in a browser of its own, with everything that went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, violations of the content security policy, failed requests. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export async function openPage(
  url: string,
  { viewport = desktop, scale = 1 }: { readonly viewport?: Viewport; readonly scale?: number } = {},
): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: flags });
  try {
    const faults: string[] = [];
    const page = await (await browser.newContext({ viewport, deviceScaleFactor: scale })).newPage();
    listen(page, faults);
    await page.goto(url);
    await page.locator('.connection.live').waitFor();
    return { page, faults, close: () => browser.close() };
  } catch (error) {
    await closeQuietly(browser);
    throw error;
  }
}

function listen(page: Page, faults: string[]): void {
  // A violation of the content security policy is an error in the console.
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
}

/** The first fault counts. */
async function closeQuietly(browser: Browser): Promise<void> {
  await browser.close().catch(() => undefined);
}
