import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { CHROMIUM_PATH } from '../../e2e/requirements.ts';
import { scriptingByFrame, type TraceEvent } from './trace.ts';

/** The page in a real browser, from the start of the navigation on. */
export interface OpenedPage {
  /** Milliseconds until a frame with containers in it was drawn. */
  readonly paintedMs: number;
  /** Milliseconds of scripting of each frame in which the page had to run anything, over a time. */
  scripting(seconds: number): Promise<readonly number[]>;
  /** Bytes of live objects, after a collection. */
  memory(): Promise<number>;
  close(): Promise<void>;
}

const VIEWPORT = { width: 1280, height: 900 };
const PAINT_TIMEOUT_MS = 20_000;

export async function openPage(url: string): Promise<OpenedPage> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  const page = await (await browser.newContext({ viewport: VIEWPORT })).newPage();
  await page.addInitScript({ content: notePaint });
  await page.goto(url);
  const painted = await page.waitForFunction(() => Reflect.get(globalThis, 'paintedAt'), undefined, {
    timeout: PAINT_TIMEOUT_MS,
  });
  const session = await page.context().newCDPSession(page);
  return {
    paintedMs: Number(await painted.jsonValue()),
    scripting: (seconds) => traced(browser, page, seconds),
    memory: () => usedMemory(session),
    close: () => browser.close(),
  };
}

/** Runs in the page. With the task after the frame that has the first container, its drawing is done. */
const notePaint = `
  const watch = new MutationObserver(() => {
    if (document.querySelector('[data-container]') === null) return;
    watch.disconnect();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { globalThis.paintedAt = performance.now(); };
      channel.port2.postMessage(undefined);
    });
  });
  watch.observe(document, { childList: true, subtree: true });
`;

async function traced(browser: Browser, page: Page, seconds: number): Promise<readonly number[]> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', '__metadata'] });
  await sleep(seconds * 1000);
  const { traceEvents }: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse(
    String(await browser.stopTracing()),
  );
  return scriptingByFrame(traceEvents);
}

async function usedMemory(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}
