import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { replicaKey } from '../../controller/src/dashboard/access/replica-key.ts';
import { createFollowerDashboard } from '../../controller/src/dashboard/follower/follower.ts';
import type { Dashboard } from '../../controller/src/dashboard/server.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { parsePassword, type Access } from '../../controller/src/model/access.ts';
import type { Leader } from '../../controller/src/model/leadership.ts';
import { hashPassword } from '../../controller/src/model/password-hash.ts';
import { requireChromium, skipUnless } from '../requirements.ts';
import { violations } from './accessibility.ts';
import { openPage, type OpenPage } from './browser.ts';
import { simulate, type Simulated } from './simulated.ts';

const RECONNECT_MS = 60_000;
const LIVE_MS = 60_000;
const PASSWORD = 'to change things';
const HOST = '127.0.0.1';
const target = 'local/project-0/service-0002/1';

async function makeAccess(): Promise<Access> {
  const password = parsePassword(`operate=${await hashPassword(PASSWORD)}`);
  return { tokens: [], trustedProxies: [], operators: [], passwords: password === undefined ? [] : [password] };
}

describe('a page that a follower serves', () => {
  let simulated: Simulated;
  let follower: Dashboard;
  let leader: Leader | undefined;
  let url = '';
  let opened: OpenPage;

  function lead(identity: string): void {
    leader = { identity, url: simulated.url };
  }

  beforeAll(async () => {
    if (requireChromium().skip) return;
    const access = await makeAccess();
    const key = replicaKey(access, undefined);
    simulated = await simulate({ containers: 8, access, replicaKey: key });
    lead('first');
    follower = await createFollowerDashboard(
      {
        host: HOST,
        port: 0,
        url: `http://${HOST}`,
        webDir: simulated.webDir,
        access,
        statusPage: { names: [], title: '' },
        replicaKey: key,
      },
      {
        leadership: { leader: () => leader },
        ready: () => ({ ready: true }),
        past: {
          history: async ({ fromMs, toMs }) => ({
            resolutionMs: 0,
            points: [fromMs, (fromMs + toMs) / 2, toMs].map((at) => ({ at, min: 10, mean: 20, max: 30 })),
          }),
          episodes: async () => [],
          marks: async () => [],
        },
        registry: new Registry(),
        clock: systemClock,
        log: createSilentLog(),
      },
    );
    url = `http://${HOST}:${(await follower.start()).port}/`;
  });
  afterAll(async () => {
    await follower?.stop();
    await simulated?.close();
  });
  beforeEach(async (context) => {
    skipUnless(context, requireChromium());
    opened = await openPage(url, { ready: '#password' });
    await opened.page.keyboard.type(PASSWORD);
    await opened.page.keyboard.press('Enter');
    await opened.page.locator('.connection.live').waitFor({ timeout: LIVE_MS });
  });
  afterEach(() => opened?.close());

  it('is live, and goes on without a sign-in when another replica leads', async () => {
    const { page } = opened;
    await page.locator('.container.line').nth(7).waitFor();
    await page.locator('.sparkline polyline').first().waitFor({ timeout: LIVE_MS });
    simulated.container(4, { state: 'exited', health: 'none', resources: {} });
    await page.locator('.container.line[data-container="service-0004"]', { hasText: 'DOWN exited' }).waitFor();

    leader = undefined;
    await simulated.stopServer();
    await page.locator('.connection.lost', { hasText: 'NO REPLICA LEADS' }).waitFor({ timeout: RECONNECT_MS });
    await page.locator('.connection time', { hasText: /what you see is \d+s old/ }).waitFor();
    expect(await page.locator('.container.line').count()).toBe(8);
    expect(await violations(page)).toEqual([]);

    await simulated.startServer();
    lead('second');
    await page.locator('.connection.live').waitFor({ timeout: RECONNECT_MS });
    simulated.container(5, { state: 'paused', health: 'none', resources: {} });
    await page.locator('.container.line[data-container="service-0005"]', { hasText: 'DOWN paused' }).waitFor();
    await page.getByRole('button', { name: 'acknowledge down of service-0004' }).click();
    await page.getByText('acknowledged by operate').waitFor({ timeout: LIVE_MS });
    expect(simulated.alerts()).toContainEqual(expect.objectContaining({ acknowledgedBy: 'operate' }));
    expect(await page.locator('#password').count()).toBe(0);
  });

  it('says that nobody leads when it is opened then, and has the charts of a container', async () => {
    const { page } = opened;
    const before = leader;
    leader = undefined;
    await page.reload();
    await page.getByText('No replica leads now').waitFor({ timeout: RECONNECT_MS });
    await page.getByText('One was last heard at').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`${url}#/container/${encodeURIComponent(target)}`);
    await page.getByText('the container cannot be shown').waitFor({ timeout: LIVE_MS });
    await page.locator('.charts[aria-busy="false"] canvas').first().waitFor({ timeout: LIVE_MS });
    expect(await page.getByText('The charts may be incomplete').count()).toBe(0);
    leader = before;
    await page.locator('.connection.live').waitFor({ timeout: RECONNECT_MS });
    await page.locator('.who', { hasText: 'service-0002' }).first().waitFor({ timeout: LIVE_MS });
  });
});
