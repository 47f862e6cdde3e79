import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_PATH } from '../requirements.ts';

export const desktop: Viewport = { width: 1280, height: 900 };
export const phone: Viewport = { width: 375, height: 812 };

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

/** Longest wait for what a page shows: the machine may be busy with other things. */
const WAIT_MS = 60_000;

/** A page in a browser of its own, with everything that went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, violations of the content security policy, failed requests, requests to others. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly viewport?: Viewport;
  readonly scale?: number;
  readonly theme?: 'dark' | 'light';
  /** Shows that the page is ready. */
  readonly ready?: string;
}

export async function openPage(url: string, options: OpenOptions = {}): Promise<OpenPage> {
  const { viewport = desktop, scale = 1, theme = 'dark', ready = '.connection.live' } = options;
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: flags });
  try {
    const faults: string[] = [];
    const context = await browser.newContext({
      viewport,
      deviceScaleFactor: scale,
      colorScheme: theme,
      // A colour in transition has no contrast that could be judged.
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    listen(page, faults, new URL(url).origin);
    await page.goto(url);
    await page.locator(ready).first().waitFor();
    return { page, faults, close: () => browser.close() };
  } catch (error) {
    await closeQuietly(browser);
    throw error;
  }
}

function listen(page: Page, faults: string[], origin: string): void {
  // A violation of the content security policy is an error in the console.
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && protocol !== 'data:') faults.push(`asks elsewhere: ${request.url()}`);
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
