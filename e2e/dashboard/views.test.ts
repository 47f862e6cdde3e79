import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerCli } from '../engine/docker-cli.ts';
import { requireChromium, requireEngine, skipUnless } from '../requirements.ts';
import { until } from '../until.ts';
import { violations } from './accessibility.ts';
import { openPage, phone, type OpenPage } from './browser.ts';
import { startOwnController, type OwnController } from './own-controller.ts';

const NAME = 'foghorn-e2e-views';
const HOSTILE = '<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>';
const TARGET = `local/${NAME}`;
const APPLY_MS = 60_000;
const LIVE_MS = 60_000;
const START_MS = 240_000;

const filePolicy = `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata: { name: file-owned }
spec:
  selector: {}
  containerNames: ['${NAME}*']
  interval: 1s
  rules:
    - { name: down, severity: critical, expr: '!up' }
    - { name: hostile, severity: warning, expr: up, message: '{{ container.labels["evil"] }} at {{ container.name }}' }
    - { name: busy, severity: warning, expr: 'cpu > 95.0' }
`;

const ownPolicy = (name: string): string => `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: ${name}
spec:
  selector: {}
  containerNames: ['${NAME}*']
  interval: 2s
  rules:
    - name: memory
      severity: warning
      expr: 'memory > 99.0'
`;

const loadTest = (port: number): string => `apiVersion: foghorn.dev/v1alpha1
kind: LoadTest
metadata: { name: views-load }
spec:
  target: { url: 'http://127.0.0.1:${port}', timeout: 2s }
  stages: [{ duration: 2m, rate: 10 }]
  concurrency: 4
  thresholds:
    - { name: errors, expr: 'errors == 0' }
`;

/** Every view by its address, with what says that it is there. */
const views = [
  ['container', `container/${encodeURIComponent(TARGET)}`, `h1:has-text("${NAME}")`],
  ['policies', 'policies', '[data-policy="default/file-owned"]'],
  ['policy', `policies/${encodeURIComponent('default/file-owned')}`, 'section[aria-label="Targets"] a'],
  ['new policy', 'policies/new', 'textarea'],
  ['alerts', 'alerts', '.timeline-row'],
  ['load tests', 'load-tests', 'h1:has-text("Load tests")'],
  ['start of a load test', 'load-tests/new', '.sample'],
  ['mails', 'mails', '[data-mail]'],
] as const;

/** Nothing hostile ran, and nothing failed but for containers of others whose networks came and went. */
async function expectUnharmed({ page, faults }: OpenPage): Promise<void> {
  expect(faults.filter((fault) => !fault.includes('ERR_NETWORK_CHANGED'))).toEqual([]);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'hacked'))).toBeUndefined();
}

describe('the views of the page', () => {
  const containers = createDockerCli('dashboard-views');
  let controller: OwnController;
  let opened: OpenPage | undefined;

  beforeAll(async () => {
    if (requireEngine().skip || requireChromium().skip) return;
    await containers.removeAll();
    const script = `i=0; while true; do i=$((i+1)); echo "order $i ${HOSTILE.replaceAll('"', '\\"')}"; echo "sad $i" >&2; sleep 0.3; done`;
    await containers.run(NAME, script, '--network', 'none', '--label', `evil=${HOSTILE}`);
    controller = await startOwnController({ 'file-owned.yaml': filePolicy });
    await until('a mail is sent', APPLY_MS, async () => controller.ses.accepted.length > 0 || undefined);
  }, START_MS);
  afterAll(async () => {
    await controller?.stop();
    await containers.removeAll();
  }, START_MS);
  beforeEach((context) => {
    skipUnless(context, requireEngine());
    skipUnless(context, requireChromium());
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function open(path: string, options: Parameters<typeof openPage>[1] = {}): Promise<OpenPage> {
    opened = await openPage(`${controller.url}#/${path}`, options);
    return opened;
  }

  describe.each(views)('%s', (_name, path, sign) => {
    it.each(['dark', 'light'] as const)('opens by its address, in %s, without a violation', async (theme) => {
      const view = await open('policies');
      await view.page.emulateMedia({ colorScheme: theme });
      await view.page.goto(`${controller.url}#/${path}`);
      await view.page.locator(sign).first().waitFor();
      expect(await violations(view.page)).toEqual([]);
      await expectUnharmed(view);
    });

    it('fits a phone', async () => {
      const view = await open(path, { viewport: phone });
      await view.page.locator(sign).first().waitFor();
      expect(await view.page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
      await expectUnharmed(view);
    });
  });

  it('shows hostile names, labels, output and messages as text', async () => {
    const view = await open(`container/${encodeURIComponent(TARGET)}`);
    const { page } = view;
    await page.locator('.log-line', { hasText: '<img src=x' }).first().waitFor();
    await page.locator('summary', { hasText: 'labels' }).click();
    await page.locator('.facts dd', { hasText: '<img src=x' }).first().waitFor();
    await page.locator('.card', { hasText: 'onerror' }).first().waitFor();
    await page.goto(`${controller.url}#/alerts`);
    await page.locator('.story', { hasText: 'onerror' }).first().waitFor();
    expect(await page.locator('#page img, #page script').count()).toBe(0);
    await expectUnharmed(view);
  });

  it('shows hostile YAML, and what is wrong with it, as text', async () => {
    const view = await open('policies/new?template=service');
    const { page } = view;
    const text = `${ownPolicy('hostile')}  '${HOSTILE}': '${HOSTILE}'\n`;
    await page.getByLabel('YAML of the policy').fill(text);
    await page.locator('.problem', { hasText: '<img src=x' }).first().waitFor();
    expect(await page.locator('#page img, #page script').count()).toBe(0);
    await expectUnharmed(view);
  });

  describe('the page of a container', () => {
    const address = `container/${encodeURIComponent(TARGET)}`;

    it('follows what the container writes, finds words in it, and stands still when told', async () => {
      const { page } = await open(address);
      await page.locator('.log-state', { hasText: 'live' }).waitFor();
      const number = async (): Promise<number> => {
        const line = await page.locator('.log-line', { hasText: 'order' }).last().innerText();
        return Number(/order (\d+)/.exec(line)?.[1]);
      };
      await page.locator('.log-line', { hasText: 'order' }).first().waitFor();
      const first = await number();
      await until('newer lines come', LIVE_MS, async () => (await number()) > first || undefined);
      await page.getByLabel('search').fill('SAD');
      await page.locator('.log-line mark', { hasText: 'sad' }).first().waitFor();
      expect(await page.locator('.log-line', { hasText: 'order' }).count()).toBe(0);
      await page.getByRole('button', { name: 'pause' }).click();
      await page.locator('.log-state', { hasText: /paused, [1-9]\d* new/ }).waitFor({ timeout: LIVE_MS });
      await page.getByRole('button', { name: 'resume' }).click();
      await page.locator('.log-state', { hasText: 'live' }).waitFor();
    });

    it('draws its history, and a drag over a chart is in the address until a double click', async () => {
      const { page } = await open(`${address}?range=15m`);
      const chart = page.locator('[data-chart="Memory"]');
      await chart.locator('canvas').waitFor();
      await chart.locator('.chart-summary', { hasText: /last [\d.]+ %/ }).waitFor({ timeout: LIVE_MS });
      expect(await chart.locator('.chart-area').getAttribute('aria-label')).toMatch(/Memory: last .* max /);
      const box = await chart.locator('.u-over').boundingBox();
      if (box === null) throw new Error('the chart has no area');
      await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/range=\d+%2C\d+/);
      const [from, to] = decodeURIComponent(/range=([^&]+)/.exec(page.url())?.[1] ?? '')
        .split(',')
        .map(Number);
      expect((to ?? 0) - (from ?? 0)).toBeGreaterThan(300_000);
      expect((to ?? 0) - (from ?? 0)).toBeLessThan(420_000);
      await chart.locator('.u-over').dblclick();
      await page.waitForURL(/range=15m/);
    });

    it('asks for no more points than it has pixels', async () => {
      const { page } = await open('policies');
      const asked: URL[] = [];
      page.on('request', (request) => {
        if (request.url().includes('api/history')) asked.push(new URL(request.url()));
      });
      await page.goto(`${controller.url}#/${address}?range=90d`);
      await page.locator('canvas').first().waitFor();
      await until('the history is asked for', LIVE_MS, async () => asked.length >= 8 || undefined);
      const points = asked.map(({ searchParams }) => Number(searchParams.get('points')));
      expect(Math.max(...points)).toBeLessThanOrEqual(700);
    });

    it('goes on by itself, and tells how each rule stands', async () => {
      const { page } = await open(`${address}?range=15m`);
      const summary = page.locator('[data-chart="Memory"] canvas');
      await summary.waitFor();
      const tails: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('metric=memory')) tails.push(request.url());
      });
      await until('only the tail is asked for', LIVE_MS, async () => {
        const tail = tails.at(-1);
        const query = new URL(tail ?? controller.url).searchParams;
        return Number(query.get('to')) - Number(query.get('from')) < 60_000 && tail !== undefined ? true : undefined;
      });
      const rule = page.locator('.rules .card', { hasText: 'hostile' });
      expect(await rule.locator('.verdict').innerText()).toBe('BREACH');
      expect(await rule.locator('.expression').innerText()).toBe('up');
      await expect.poll(() => page.locator('.details', { hasText: `name ${NAME}* matches ${NAME}` }).count()).toBe(1);
    });

    it('says so when there is no such container', async () => {
      const { page } = await open('policies');
      await page.goto(`${controller.url}#/container/${encodeURIComponent(`local/${HOSTILE}`)}`);
      await page.locator('h1', { hasText: 'Unknown container' }).waitFor();
      expect(await page.locator('#page img').count()).toBe(0);
    });
  });

  describe('the editor of policies', () => {
    it('refuses with line and column, as the API does, and leads there', async () => {
      const { page } = await open('policies/new?template=service');
      const field = page.getByLabel('YAML of the policy');
      await field.fill(ownPolicy('refused').replace('memory > 99.0', 'memry > 99.0'));
      const problem = page.locator('.problem').first();
      await problem.waitFor();
      expect(await problem.innerText()).toMatch(/line 12, column 14 .*memry/s);
      expect(await page.locator('.editor-gutter .error').innerText()).toContain('12');
      expect(await page.getByRole('button', { name: 'create' }).getAttribute('aria-disabled')).toBe('true');
      await problem.getByRole('button').click();
      expect(await field.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    });

    it('proposes what the schema knows, by keyboard alone', async () => {
      const { page } = await open('policies/new?template=service');
      const field = page.getByLabel('YAML of the policy');
      await field.fill('spec:\n  ');
      await page.keyboard.press('Control+Space');
      const list = page.getByRole('listbox');
      await list.getByRole('option').first().waitFor();
      expect(await list.getByRole('option').first().innerText()).toContain('selector');
      await page.keyboard.type('interv');
      await page.keyboard.press('Enter');
      expect(await field.inputValue()).toBe('spec:\n  interval: ');
      await list.getByRole('option', { name: /30s/ }).waitFor();
      await page.keyboard.press('Tab');
      expect(await field.inputValue()).toBe('spec:\n  interval: 30s');
    });

    it('shows what a text would have fired, saves it, tells of a conflict, and deletes after a question', async () => {
      const view = await open('policies/new?template=service');
      const { page } = view;
      const field = page.getByLabel('YAML of the policy');
      await field.fill(ownPolicy('views-own').replace('99.0', '0.0'));
      await page.locator('.problem-list', { hasText: 'valid' }).waitFor();
      await page.getByRole('button', { name: 'play the last 24 h' }).click();
      await page.locator('.replay', { hasText: 'default/views-own' }).waitFor({ timeout: APPLY_MS });
      await page.locator('.replay .timeline-span.warning').first().waitFor();
      await field.fill(ownPolicy('views-own'));
      await page.locator('.problem-list', { hasText: 'valid' }).waitFor();
      await page.getByRole('button', { name: 'create' }).click();
      await page.locator('h1', { hasText: 'default/views-own' }).waitFor();

      await page.getByRole('link', { name: 'edit', exact: true }).click();
      const mine = ownPolicy('views-own').replace('99.0', '98.0');
      await field.fill(mine);
      const other = await openPage(`${controller.url}#/policies/${encodeURIComponent('default/views-own')}/edit`);
      try {
        await other.page.getByLabel('YAML of the policy').fill(ownPolicy('views-own').replace('99.0', '97.0'));
        await other.page.locator('.problem-list', { hasText: 'valid' }).waitFor();
        await other.page.getByRole('button', { name: 'save', exact: true }).click();
        await other.page.locator('.expression', { hasText: '97.0' }).waitFor();
      } finally {
        await other.close();
      }
      await page.locator('.problem-list', { hasText: 'valid' }).waitFor();
      await page.getByRole('button', { name: 'save', exact: true }).click();
      const conflict = page.locator('.conflict');
      await conflict.waitFor();
      await conflict.locator('.theirs', { hasText: '97.0' }).waitFor();
      expect(await conflict.locator('.mine', { hasText: '98.0' }).count()).toBe(1);
      await conflict.getByRole('button', { name: 'save mine over it' }).click();
      await page.locator('.expression', { hasText: '98.0' }).waitFor();

      await page.getByRole('button', { name: 'delete ...' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'delete it' }).click();
      await page.locator('h1', { hasText: 'Policies' }).waitFor();
      await page.locator('[data-policy="default/views-own"]').waitFor({ state: 'detached', timeout: LIVE_MS });
    });

    it('leaves what a file declares to the file', async () => {
      const { page } = await open(`policies/${encodeURIComponent('default/file-owned')}`);
      await page.locator('.view-head', { hasText: 'file-owned.yaml' }).waitFor();
      expect(await page.getByRole('link', { name: 'edit', exact: true }).count()).toBe(0);
      await page.goto(`${controller.url}#/policies/${encodeURIComponent('default/file-owned')}/edit`);
      await page.locator('.failure', { hasText: 'file-owned.yaml' }).waitFor();
      expect(await page.locator('textarea').count()).toBe(0);
    });
  });

  it('acknowledges and silences an alert, and ends the silence', async () => {
    const { page } = await open('alerts?range=1h');
    const story = page.locator('.timeline-row', { hasText: 'hostile' });
    await story.locator('.timeline-span.warning').first().waitFor();
    await story.locator('summary').click();
    await story.locator('.moments', { hasText: 'fired' }).waitFor();
    await story.getByRole('button', { name: /^acknowledge/ }).click();
    await story.getByRole('button', { name: /^no longer acknowledge/ }).waitFor({ timeout: LIVE_MS });
    await story.getByRole('button', { name: /^silence/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '1 h' }).click();
    const silence = page.locator('section[aria-label="Silences"] .card').first();
    await silence.waitFor({ timeout: LIVE_MS });
    await silence.getByRole('button', { name: /^end silence/ }).click();
    await silence.waitFor({ state: 'detached', timeout: LIVE_MS });
    await expect
      .poll(() => page.locator('section[aria-label="Silences"]').innerText())
      .toContain('Nothing is silenced');
  });

  it('filters the alerts by the address', async () => {
    const { page } = await open('alerts?severity=critical');
    await page.locator('.empty', { hasText: 'No alert fits' }).waitFor();
    await page.getByLabel('severity').selectOption('warning');
    await page.waitForURL(/severity=warning/);
    await page.locator('.timeline-row').first().waitFor();
    expect(await page.locator('.timeline-row', { hasText: 'hostile' }).count()).toBe(1);
  });

  it('shows a mail as it went out in a frame that runs nothing, and sends a test', async () => {
    const view = await open('mails');
    const { page } = view;
    await page.locator('[data-mail] .badge', { hasText: 'SENT' }).first().waitFor();
    await page
      .getByRole('button', { name: /^look at/ })
      .first()
      .click();
    const frame = page.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    await page.frameLocator('iframe').locator('body', { hasText: NAME }).waitFor();
    await page.getByRole('button', { name: /^phone/ }).click();
    expect(await frame.getAttribute('width')).toBe('375');
    const before = controller.ses.accepted.length;
    await page.getByRole('button', { name: 'send a test mail ...' }).click();
    await page.getByRole('dialog').getByLabel('to').fill('you@example.org');
    await page.getByRole('dialog').getByRole('button', { name: 'send' }).click();
    await page.getByRole('dialog').locator('strong', { hasText: 'sent' }).waitFor({ timeout: LIVE_MS });
    expect(controller.ses.accepted.length).toBeGreaterThan(before);
    await expectUnharmed(view);
  });

  it('runs a load test before the eyes, with its course, and stops it', async () => {
    const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { page } = await open('load-tests/new');
      await page.locator('summary', { hasText: 'YAML' }).click();
      await page.getByLabel('YAML of the load test').fill(loadTest((server.address() as AddressInfo).port));
      await page.getByRole('button', { name: 'start', exact: true }).click();
      await page.locator('h1', { hasText: 'default/views-load' }).waitFor();
      await page.locator('.badge', { hasText: 'RUNNING' }).waitFor({ timeout: APPLY_MS });
      await page.locator('[data-chart="Latency"] canvas').waitFor({ timeout: APPLY_MS });
      await page
        .locator('[data-chart="Requests"] .chart-summary', { hasText: /last [1-9]/ })
        .waitFor({ timeout: APPLY_MS });
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: /^stop/ }).click();
      await page.locator('.badge', { hasText: 'STOPPED' }).waitFor({ timeout: APPLY_MS });
      await page.getByRole('button', { name: 'run again' }).waitFor();
      await page.goto(`${controller.url}#/load-tests`);
      const row = page.locator('[data-load-test="default/views-load"]');
      await row.locator('.badge', { hasText: 'STOPPED' }).waitFor();
    } finally {
      server.close();
    }
  });

  it('says what is wrong with a load test, and where', async () => {
    const { page } = await open('load-tests/new');
    await page.locator('summary', { hasText: 'YAML' }).click();
    const field = page.getByLabel('YAML of the load test');
    await field.fill((await field.inputValue()).replace('stages:', 'stagez:'));
    await page.getByRole('button', { name: 'start', exact: true }).click();
    const failure = page.getByRole('alert');
    await failure.waitFor();
    expect(await failure.innerText()).toContain('stagez');
  });
});
