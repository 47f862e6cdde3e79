import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTarget } from '../../controller/src/dashboard/fake-reader.ts';
import { requireChromium, skipUnless } from '../requirements.ts';
import { violations } from './accessibility.ts';
import { openPage, phone, type OpenOptions, type OpenPage } from './browser.ts';
import { simulate, type Simulated } from './simulated.ts';

const LIVE_MS = 60_000;
const markup = `<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>`;

const row = (name: string): string => `.container.line[data-container="${name}"]`;

describe('the overview', () => {
  let simulated: Simulated;
  let opened: OpenPage;
  beforeAll(async () => {
    if (!requireChromium().skip) simulated = await simulate({ containers: 1000 });
  });
  afterAll(() => simulated?.close());
  beforeEach((context) => skipUnless(context, requireChromium()));
  afterEach(async () => {
    await opened.close();
    for (const index of [3, 14, 25]) simulated.container(index, {});
  });

  const stop = (...indexes: readonly number[]): void => {
    for (const index of indexes) simulated.container(index, { state: 'exited', health: 'none', resources: {} });
  };
  async function open(path = '', options: OpenOptions = {}): Promise<OpenPage['page']> {
    opened = await openPage(`${simulated.url}${path}`, options);
    return opened.page;
  }

  it('shows a container that stops at the top, with its alert, in the title and the icon, without a reload', async () => {
    const page = await open();
    await page.getByText('all well').waitFor();
    await page.evaluate(() => Reflect.set(globalThis, 'loadedOnce', true));
    stop(14);
    await page.locator(row('service-0014'), { hasText: 'DOWN exited' }).waitFor({ timeout: LIVE_MS });
    await page.locator('.alert.critical', { hasText: 'service-0014 is DOWN' }).waitFor({ timeout: LIVE_MS });
    await expect
      .poll(() => page.locator('.container.line').first().getAttribute('data-container'))
      .toBe('service-0014');
    await expect.poll(() => page.title()).toBe('CRITICAL (1) Foghorn');
    await expect.poll(() => page.locator('link[rel="icon"]').getAttribute('href')).toContain('critical');
    await expect.poll(() => page.locator('[aria-live="assertive"]').innerText()).toContain('service-0014 is DOWN');
    simulated.container(14, {});
    await page.getByText('all well').waitFor({ timeout: LIVE_MS });
    expect(await page.evaluate(() => Reflect.get(globalThis, 'loadedOnce'))).toBe(true);
    expect(opened.faults).toEqual([]);
  });

  it('has a few of a thousand lines in the document, and those of the place that is scrolled to', async () => {
    const page = await open();
    await page.locator(row('service-0000')).waitFor();
    expect(await page.locator('.line').count()).toBeLessThan(100);
    await page
      .locator(`${row('service-0000')} .sparkline polyline`)
      .first()
      .waitFor({ timeout: LIVE_MS });
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page
      .locator(`${row('service-0999')} .sparkline polyline`)
      .first()
      .waitFor({ timeout: LIVE_MS });
    expect(await page.locator('.line').count()).toBeLessThan(100);
    expect(await page.locator('.list').getAttribute('aria-rowcount')).toBe('1101');
    expect(opened.faults).toEqual([]);
  });

  it('filters as one types, and keeps filter and order in the address', async () => {
    stop(14);
    const page = await open();
    await page.locator(row('service-0014'), { hasText: 'DOWN exited' }).waitFor({ timeout: LIVE_MS });
    await page.keyboard.press('/');
    await page.keyboard.type('sev:critical project:project-1');
    await expect.poll(() => page.locator('.container.line').count()).toBe(1);
    await expect.poll(() => page.locator('.found').innerText()).toBe('1 of 1000');
    await expect.poll(() => page.url()).toContain('q=sev%3Acritical+project%3Aproject-1');
    await page.reload();
    await expect.poll(() => page.locator('.container.line').count()).toBe(1);
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'grouped' }).click();
    await page.getByRole('columnheader', { name: 'container' }).getByRole('button').click();
    await expect.poll(() => page.url()).toContain('group=none&sort=name');
    await expect
      .poll(() => page.locator('.container.line').first().getAttribute('data-container'))
      .toBe('service-0000');
    await page.getByRole('searchbox').fill('label:tier=nowhere');
    await page.getByText('none of 1000 containers matches').waitFor();
    expect(opened.faults).toEqual([]);
  });

  it('answers the first key that is pressed when its lines are there', async () => {
    const page = await open();
    await page.addInitScript(`new MutationObserver((_, observer) => {
      if (document.querySelector('.container.line') === null) return;
      observer.disconnect();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    }).observe(document, { childList: true, subtree: true })`);
    await page.goto(`${simulated.url}#/?q=service-0007`);
    await page.reload();
    await expect.poll(() => page.locator('.container.line').count()).toBeGreaterThan(1);
  });

  it('can be walked with the keyboard alone', async () => {
    stop(3, 14);
    const page = await open();
    await page.locator('.alert').nth(1).waitFor();
    const focused = (): Promise<string | undefined> => page.evaluate('document.activeElement?.dataset.stop');
    const press = (...keys: readonly string[]): Promise<void> =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

    await press('j', 'j', 'j');
    await expect.poll(focused).toBe('group:local/project-0');
    await press('Enter');
    await page.locator('[data-group="local/project-0"] [aria-expanded="false"]').waitFor();
    await press('c', 'j');
    await expect.poll(focused).toBe('local/project-0/service-0003/1');
    await press('a');
    await page.locator('.notice', { hasText: 'acknowledged' }).waitFor();
    await press('s');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await press('Tab', 'Enter');
    await page.locator('.notice', { hasText: 'silenced until' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(simulated.alerts().filter(({ silencedBy }) => silencedBy !== undefined)).toHaveLength(1);
    await expect.poll(focused).toBe('local/project-0/service-0003/1');

    await press('?');
    await page.getByRole('dialog').waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (let index = 0; index < 60; index += 1) await press('j');
    // Two alerts, and eleven lines for each project of ten.
    await expect.poll(focused).toBe('local/project-5/service-0055/1');
    await press('k');
    const left = 'local/project-5/service-0054/1';
    await expect.poll(focused).toBe(left);
    // There and back, sooner and later than the other view is drawn.
    for (const arrived of ['.list', 'main h1', '.list', 'main h1', '.list']) {
      await press('Enter');
      await expect.poll(() => page.url()).toMatch(/#\/container\/local/);
      if (arrived === 'main h1') await page.locator(arrived).waitFor();
      await press('g', 'o');
      await expect.poll(() => page.url()).toMatch(/#\/$/);
      await expect.poll(focused).toBe(left);
    }
    for (const [key, place] of [
      ['p', 'policies'],
      ['l', 'load-tests'],
      ['m', 'mails'],
      ['a', 'alerts'],
    ] as const) {
      await press('g', key);
      await expect.poll(() => page.url()).toContain(`#/${place}`);
      await page.locator('main h1').waitFor();
    }
  });

  it('leaves the focus on a line that goes to the top', async () => {
    const page = await open();
    const line = page.locator(`${row('service-0025')} a.who`);
    await line.focus();
    stop(25);
    await page.locator(row('service-0025'), { hasText: 'DOWN exited' }).waitFor({ timeout: LIVE_MS });
    await expect
      .poll(() => page.locator('.container.line').first().getAttribute('data-container'))
      .toBe('service-0025');
    await expect
      .poll(() => page.evaluate('document.activeElement?.dataset.stop'))
      .toBe('local/project-2/service-0025/1');
  });

  it('leaves rows in their places while the pointer moves over them, when they are ordered by a reading', async () => {
    const page = await open('#/?group=none&sort=-cpu');
    const first = page.locator('.container.line').first();
    const highest = await first.getAttribute('data-container');
    const index = Number(highest?.slice(-4));
    const place = await first.boundingBox();
    let moves = 0;
    const point = (): Promise<void> => page.mouse.move((place?.x ?? 0) + 20 + (moves += 1), (place?.y ?? 0) + 10);
    await point();
    simulated.container(index, { resources: { cpuPercent: 0 } });
    await expect
      .poll(async () => {
        await point();
        return first.locator('.cpu .number').innerText();
      })
      .toBe('0.0%');
    expect(await first.getAttribute('data-container')).toBe(highest);
    await page.mouse.move(0, 0);
    await expect.poll(() => first.getAttribute('data-container')).not.toBe(highest);
    simulated.container(index, {});
  });

  it('acknowledges and silences an alert with buttons, and takes it back', async () => {
    stop(14);
    const page = await open();
    const alert = page.locator('.alert', { hasText: 'service-0014' });
    await alert.getByRole('button', { name: /^acknowledge/ }).click();
    await alert.getByText('acknowledged by dashboard').waitFor({ timeout: LIVE_MS });
    await page.locator('.notice').getByRole('button', { name: 'undo' }).click();
    await alert.getByText('acknowledged by').waitFor({ state: 'detached', timeout: LIVE_MS });
    await alert.getByRole('button', { name: /for 4 h$/ }).click();
    await alert.getByText('silenced by default/from-the-page').waitFor({ timeout: LIVE_MS });
    await page.locator('.notice', { hasText: 'silenced until' }).getByRole('button', { name: 'undo' }).click();
    await alert.getByText('silenced by').waitFor({ state: 'detached', timeout: LIVE_MS });
    expect(opened.faults).toEqual([]);
  });

  it('goes to the container that a mail links to', async () => {
    const page = await open('?target=local%2Fproject-0%2Fservice-0003%2F1');
    await page.getByRole('heading', { level: 1, name: /service-0003/ }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(page.url()).toContain('#/container/local%2Fproject-0%2Fservice-0003%2F1');
  });

  it('says that an address names no view', async () => {
    const page = await open('#/no/such');
    await page.getByRole('heading', { name: 'No such view' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('draws all lines for paper, and none of the buttons', async () => {
    const page = await open();
    await page.locator(row('service-0000')).waitFor();
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    await expect.poll(() => page.locator('.container.line').count()).toBe(1000);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    await expect.poll(() => page.locator('.container.line').count()).toBeLessThan(100);
  });

  it('keeps the theme that was chosen', async () => {
    const page = await open();
    const theme = (): Promise<string | undefined> => page.evaluate('document.documentElement.dataset.theme');
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: /theme/ }).click();
    await expect.poll(theme).toBe('light');
    await page.reload();
    await page.locator('.connection.live').waitFor();
    expect(await theme()).toBe('light');
  });

  describe.each([
    ['dark', undefined],
    ['light', undefined],
    ['dark', phone],
    ['light', phone],
  ] as const)('in the %s theme, viewport %o', (theme, viewport) => {
    it('has nothing that axe-core objects to, and no sideways scroll', async () => {
      stop(3, 14);
      const page = await open('', { theme, ...(viewport !== undefined && { viewport }) });
      await page.locator('.alert').nth(1).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
      expect(opened.faults).toEqual([]);
    });
  });

  it('shows hostile names, images, labels, notes and messages as text', async () => {
    const seen = fakeTarget(25, Date.now(), { note: markup, state: 'exited' });
    if (seen.observation.kind !== 'observed') throw new Error('a made-up container is observed');
    const target = {
      ...seen.observation.target,
      name: markup,
      namespace: markup,
      image: markup,
      labels: { x: markup },
    };
    simulated.reader.put({ ...seen, severity: 'critical', observation: { ...seen.observation, target } });
    simulated.reader.set({ problems: [{ key: markup, reason: markup, message: markup, since: Date.now() }] });
    const page = await open('#/?q=onerror', { viewport: phone });
    await page.locator('.container.line', { hasText: 'onerror' }).waitFor();
    await page.locator('.problems', { hasText: 'onerror' }).waitFor();
    expect(await page.locator('#page img, #page script').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'hacked'))).toBeUndefined();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    expect(opened.faults).toEqual([]);
    simulated.reader.set({ problems: [] });
  });
});
