import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireChromium, skipUnless } from '../requirements.ts';
import { violations } from './accessibility.ts';
import { openPage, type OpenPage } from './browser.ts';
import { simulate, type Simulated } from './simulated.ts';

const RECONNECT_MS = 60_000;

describe('a page whose controller goes away', () => {
  let simulated: Simulated;
  let opened: OpenPage;
  beforeAll(async () => {
    if (!requireChromium().skip) simulated = await simulate({ containers: 12 });
  });
  afterAll(() => simulated?.close());
  beforeEach(async (context) => {
    skipUnless(context, requireChromium());
    opened = await openPage(simulated.url);
  });
  afterEach(() => opened.close());

  it('says how old it is, and has the present by itself when the controller is back', async () => {
    const { page } = opened;
    await page.locator('.container.line').nth(11).waitFor();
    await simulated.stopServer();
    await page.locator('.connection.lost', { hasText: 'CONNECTION LOST' }).waitFor({ timeout: RECONNECT_MS });
    await page.locator('.connection time', { hasText: /what you see is \d+s old/ }).waitFor();
    await expect.poll(() => page.title()).toBe('? Foghorn');
    expect(await page.locator('.container.line').count()).toBe(12);
    expect(await violations(page)).toEqual([]);

    simulated.container(4, { state: 'exited', health: 'none', resources: {} });
    simulated.reader.remove('local/project-0/service-0007/1');
    await simulated.startServer();
    await page.locator('.connection.live').waitFor({ timeout: RECONNECT_MS });
    await page.locator('.container.line[data-container="service-0004"]', { hasText: 'DOWN exited' }).waitFor();
    await expect.poll(() => page.locator('.container.line').count()).toBe(11);
    await page.locator('.sparkline polyline').first().waitFor({ timeout: RECONNECT_MS });
  });

  it('can still acknowledge after that, with the token of the new controller', async () => {
    const { page } = opened;
    simulated.container(5, { state: 'exited', health: 'none', resources: {} });
    await page.locator('.alert', { hasText: 'service-0005' }).waitFor({ timeout: RECONNECT_MS });
    await simulated.stopServer();
    await simulated.startServer();
    await page.locator('.connection.live').waitFor({ timeout: RECONNECT_MS });
    await page.getByRole('button', { name: 'acknowledge down of service-0005' }).click();
    await page.getByText('acknowledged by dashboard').waitFor({ timeout: RECONNECT_MS });
    expect(simulated.alerts()).toContainEqual(expect.objectContaining({ acknowledgedBy: 'dashboard' }));
  });

  it('goes on without a full state after a short break of the network', async () => {
    const { page } = opened;
    await page.locator('.container.line').first().waitFor();
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    simulated.container(9, { state: 'paused' });
    await page
      .locator('.container.line[data-container="service-0009"]', { hasText: 'DOWN paused' })
      .waitFor({ timeout: RECONNECT_MS });
    expect(await page.locator('.container.line').count()).toBeGreaterThan(10);
  });
});
