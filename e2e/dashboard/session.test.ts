import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../controller/src/model/password-hash.ts';
import { parsePassword } from '../../controller/src/model/access.ts';
import { requireChromium, skipUnless } from '../requirements.ts';
import { violations } from './accessibility.ts';
import { openPage, phone, type OpenPage } from './browser.ts';
import { simulate, type Simulated } from './simulated.ts';

const LIVE_MS = 60_000;
const passwords = { view: 'only to look at', operate: 'to change things' } as const;

describe('who has to sign in', () => {
  let simulated: Simulated;
  let opened: OpenPage;
  beforeAll(async () => {
    if (requireChromium().skip) return;
    const entries = await Promise.all(
      Object.entries(passwords).map(async ([role, password]) =>
        parsePassword(`${role}=${await hashPassword(password)}`),
      ),
    );
    const access = {
      tokens: [],
      trustedProxies: [],
      operators: [],
      passwords: entries.flatMap((entry) => entry ?? []),
    };
    simulated = await simulate({ containers: 8, access, statusPage: ['service-000?'] });
    simulated.container(3, { state: 'exited', health: 'none' });
  });
  afterAll(() => simulated?.close());
  beforeEach(async (context) => {
    skipUnless(context, requireChromium());
    opened = await openPage(`${simulated.url}#/?q=sev:critical`, { ready: '#password', viewport: phone });
  });
  afterEach(() => opened.close());

  async function signIn(role: keyof typeof passwords): Promise<void> {
    await opened.page.keyboard.type(passwords[role]);
    await opened.page.keyboard.press('Enter');
    await opened.page.locator('.connection.live').waitFor({ timeout: LIVE_MS });
  }

  it('sees the sign-in, hears that a password is wrong, and then gets what the address names', async () => {
    const { page } = opened;
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('a guess');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the password.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Control+a');
    await signIn('operate');
    await page.locator('.container.line').waitFor();
    expect(await page.locator('.container.line').count()).toBe(1);
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('stays signed in over a reload, and sees nothing more once they have signed out', async () => {
    const { page } = opened;
    await signIn('operate');
    await page.reload();
    await page.locator('.connection.live').waitFor();
    await page.getByRole('button', { name: /^sign out/ }).click();
    await page.locator('#password').waitFor();
    await page.reload();
    await page.locator('#password').waitFor();
    expect(await page.locator('.container.line').count()).toBe(0);
  });

  it('sees with the role view why the buttons are off, and is refused without them too', async () => {
    const { page } = opened;
    await signIn('view');
    const button = page.getByRole('button', { name: /^acknowledge/ });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toContain('your role is view');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.locator('.notice.failed', { hasText: 'your role is view' }).waitFor();
    expect(simulated.alerts()[0]?.acknowledgedBy).toBeUndefined();
    await page.locator('.container.line .sparkline polyline').first().waitFor({ state: 'attached', timeout: LIVE_MS });
  });

  it('cannot be made to change anything by a request without the token of the page', async () => {
    const { page } = opened;
    await signIn('operate');
    const status = await page.evaluate<number>(`fetch('./api/alerts/acknowledge', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'any', acknowledged: true }),
    }).then((response) => response.status)`);
    expect(status).toBe(403);
    await page.getByRole('button', { name: /^acknowledge/ }).click();
    await page.getByText(/acknowledged by/).waitFor({ timeout: LIVE_MS });
  });

  it('can see the status page without it, which tells names and states and nothing else', async () => {
    await opened.close();
    for (const theme of ['dark', 'light'] as const) {
      opened = await openPage(`${simulated.url}status`, { ready: '.service', theme, viewport: phone });
      const { page, faults } = opened;
      expect(await page.locator('.service').count()).toBe(8);
      expect(await page.locator('.service').first().innerText()).toMatch(/service-0003\s+down/);
      expect(await page.locator('body').innerText()).not.toMatch(/registry\.example|local|project-/);
      expect(await violations(page)).toEqual([]);
      expect(faults).toEqual([]);
      if (theme === 'dark') await opened.close();
    }
  });
});
