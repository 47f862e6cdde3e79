import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireChromium, skipUnless } from '../requirements.ts';
import { useStack, WAIT_MS } from '../stack/stack.ts';
import { until } from '../until.ts';
import { openPage, phone, type OpenPage } from './browser.ts';

const markup = `<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>`;
const HOSTILE = 'foghorn-e2e-hostile';
const IMAGE = 'debian:bookworm-slim';

const hostilePolicy = `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: hostile
spec:
  interval: 5s
  selector: {}
  containerNames: [${HOSTILE}]
  rules:
    - name: hostile
      severity: warning
      expr: up
      message: '{{ container.labels["evil"] }} at {{ container.name }}'
`;

describe('the page', () => {
  const stack = useStack();
  const { api } = stack;
  let opened: OpenPage;
  beforeEach((context) => skipUnless(context, requireChromium()));
  afterEach(() => opened.close());

  it('turns a row red when its container goes down and green when it is back, and takes an acknowledgement and a silence, without a reload', async () => {
    opened = await openPage(api.url);
    const { page, faults } = opened;
    await page.evaluate(() => Reflect.set(globalThis, 'loadedOnce', true));
    const row = page.locator('.container.line[data-container="webapp"]');
    await row.locator('.state.ok', { hasText: 'UP' }).waitFor();

    await stack.compose('stop', 'webapp');
    await row.locator('.state.critical', { hasText: 'DOWN exited' }).waitFor({ timeout: WAIT_MS });
    const fallen = page.locator('.container.line.critical[data-container="webapp"]');
    await fallen.waitFor({ timeout: WAIT_MS });
    const alert = page.locator('.alert.critical', { hasText: 'container is DOWN' }).first();
    // The row may be red by another rule first.
    await alert.waitFor({ timeout: WAIT_MS });
    await expect.poll(() => page.title()).toMatch(/^CRITICAL/);

    await alert.getByRole('button', { name: /^acknowledge/ }).click();
    await alert.getByText('acknowledged by').waitFor({ timeout: WAIT_MS });
    await alert.getByRole('button', { name: /for 1 h$/ }).click();
    await alert.getByText('silenced by').waitFor({ timeout: WAIT_MS });
    await page.locator('.notice', { hasText: 'silenced until' }).getByRole('button', { name: 'undo' }).click();
    await alert.getByText('silenced by').waitFor({ state: 'detached', timeout: WAIT_MS });

    await stack.compose('start', 'webapp');
    await page.locator('.container.line.ok[data-container="webapp"]').waitFor({ timeout: WAIT_MS });
    await row.locator('.state', { hasText: 'UP' }).waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'loadedOnce'))).toBe(true);
    expect(faults).toEqual([]);
  });

  it('has no sideways scroll on a phone, and no fault in the console', async () => {
    opened = await openPage(api.url, { viewport: phone });
    const { page, faults } = opened;
    await page.locator('.container.line[data-container="webapp"]').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    expect(faults).toEqual([]);
  });

  describe('with a container whose labels and image tag are hostile', () => {
    const policy = join(stack.policies, 'hostile.yaml');
    const tag = `${HOSTILE}:${'long.'.repeat(20)}tag`;
    afterEach(async () => {
      await rm(policy, { force: true });
      await stack.docker('rm', '--force', HOSTILE).catch(() => undefined);
      await stack.docker('rmi', '--force', tag).catch(() => undefined);
    });

    it('shows them as text and runs none of it', async () => {
      await writeFile(policy, hostilePolicy);
      await stack.docker('tag', IMAGE, tag);
      const labels = ['evil', 'com.docker.compose.project', 'com.docker.compose.service'];
      const options = labels.flatMap((name) => ['--label', `${name}=${markup}`]);
      await stack.docker('run', '--detach', '--name', HOSTILE, '--network', 'none', ...options, tag, 'sleep', '120');
      await until('the alert fires', WAIT_MS, async () => {
        const alert = await api.alert(HOSTILE, 'hostile');
        return alert?.state === 'firing' || undefined;
      });

      opened = await openPage(api.url, { viewport: phone });
      const { page, faults } = opened;
      await page.locator('.alert', { hasText: 'onerror' }).first().waitFor();
      const group = page.locator('.group.line', { hasText: '<img src=x' });
      await group.first().waitFor();
      await page.locator(`.container.line[data-container="${HOSTILE}"]`).waitFor();
      expect(await page.locator('#page img, #page script').count()).toBe(0);
      expect(await page.evaluate(() => Reflect.get(globalThis, 'hacked'))).toBeUndefined();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
      expect(faults).toEqual([]);
    });
  });
});
