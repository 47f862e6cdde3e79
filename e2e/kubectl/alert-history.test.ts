import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { portOf, startFakeSes, type FakeSes } from '../email/fake-ses.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { runController, type RunningController } from './running-controller.ts';

const START_TIMEOUT_MS = 180_000;
const POLL = { timeout: 60_000, interval: 250 };
const needs = requireKubectl();

const policyWith = (url: string, hook: string): string => `
apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata: { name: shop }
spec:
  selector: {}
  interval: 1s
  stopGrace: 0s
  cooldown: 1h
  probes: [{ name: http, http: { url: '${url}', timeout: 2s } }]
  rules:
    - { name: http, severity: critical, expr: 'probes.http.status >= 500' }
    - { name: http, severity: warning, expr: 'probes.http.status >= 400', for: 2s }
  notify:
    email: { to: [ops@example.org, stranger@example.org] }
    webhooks: [{ format: slack, url: '${hook}' }]
`;
const silence = `
apiVersion: foghorn.dev/v1alpha1
kind: Silence
metadata: { name: works }
spec: { duration: 1h, policies: [shop], comment: works }
`;

let folder: string;
let target: ChildProcess;
let site: Server;
let status = 200;
let ses: FakeSes;
let controller: RunningController;
let alertName = '';
const kubectl = (command: string): Promise<string> => controller.kubectl(...command.split(' '));

/** `Normal Pending`, as the events of `kubectl describe` have them. */
async function history(): Promise<string> {
  return (await kubectl(`describe alert ${alertName}`)).split('Events:').at(-1) ?? '';
}

async function apply(text: string): Promise<void> {
  const file = join(folder, 'object.yaml');
  await writeFile(file, text);
  await kubectl(`apply -f ${file}`);
}

beforeAll(async () => {
  if (needs.skip) return;
  folder = await mkdtemp(join(tmpdir(), 'foghorn-history-'));
  target = spawn('sleep', ['600'], { stdio: 'ignore' });
  await writeFile(join(folder, 'shop.pid'), String(target.pid));
  site = createServer(({ url }, response) => response.writeHead(url === '/hook' ? 503 : status).end());
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  ses = await startFakeSes();
  const message = 'Email address is not verified.';
  ses.behave(({ to }) =>
    to[0] === 'stranger@example.org'
      ? { kind: 'error', status: 400, code: 'MessageRejected', message }
      : { kind: 'accept' },
  );
  controller = await runController({
    RUNTIME: 'process',
    PROCESS_TARGETS: `shop=${join(folder, 'shop.pid')}`,
    DEFAULT_POLICY: 'false',
    SENDER_EMAIL: 'alerts@example.org',
    AWS_ENDPOINT_URL_SES: ses.url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
  });
  const address = `http://127.0.0.1:${portOf(site.address())}`;
  await apply(policyWith(`${address}/health`, `${address}/hook`));
}, START_TIMEOUT_MS);

afterAll(async () => {
  if (needs.skip) return;
  await controller.stop();
  target.kill();
  site.closeAllConnections();
  site.close();
  await ses.close();
  await rm(folder, { recursive: true, force: true });
}, START_TIMEOUT_MS);

beforeEach((context) => {
  skipUnless(context, needs);
});

describe('kubectl describe alert', { timeout: 300_000 }, () => {
  it('tells the history of one alert', async () => {
    status = 404;
    await expect
      .poll(async () => (alertName = await kubectl('get alerts -o jsonpath={.items[0].metadata.name}')), POLL)
      .toMatch(/^shop-http-shop-/);
    await expect.poll(history, POLL).toMatch(/Normal +Pending +\S+ .* warning: /);
    await expect.poll(history, POLL).toMatch(/Warning +Firing +\S+ .* warning: /);
    await expect.poll(history, POLL).toMatch(/Normal +Notified .* first \(warning\) by email to ops@example.org/);
    await expect.poll(history, POLL).toMatch(/Warning +Rejected .* by email to stranger@example.org: .*not verified/);
    status = 503;
    await expect.poll(history, POLL).toMatch(/Warning +Escalated .* warning to critical: /);
    await expect.poll(history, POLL).toMatch(/Normal +Notified .* escalated \(critical\) by email to ops@example.org/);
    status = 404;
    await expect.poll(history, POLL).toMatch(/Normal +DeEscalated .* critical to warning: /);
    await apply(silence);
    await expect.poll(history, POLL).toMatch(/Normal +Held .* silenced by works/);
    await kubectl('delete silence works');
    await expect.poll(history, POLL).toMatch(/Normal +Released .* no longer silenced by works/);
    await kubectl(`annotate alert ${alertName} foghorn.dev/acknowledged-by=ann`);
    await expect.poll(history, POLL).toMatch(/Normal +Acknowledged .* by ann: no reminders/);
    status = 200;
    await expect.poll(history, POLL).toMatch(/Normal +Resolved .* it is clear after \d+s/);
    await expect.poll(history, POLL).toMatch(/Normal +Notified .* resolved \(critical\) by email to ops@example.org/);
    status = 503;
    await expect.poll(history, POLL).toMatch(/Warning +Firing .* critical: .*; told last at 20/);
    status = 200;
    await expect.poll(() => kubectl('get alerts'), POLL).toContain('Resolved');
    status = 503;
    await expect.poll(history, POLL).toMatch(/Warning +Flapping .* came and went once untold/);
  });

  it('names in the condition of the policy the channel that fails, whom it fails, and why', async () => {
    const ask = 'get mp shop -o jsonpath={.status.conditions[?(@.type=="NotificationsDelivered")].message}';
    await expect.poll(() => kubectl(ask), POLL).toMatch(/email to stranger@example.org: .*not verified/);
    const said = await kubectl(ask);
    expect(said).toMatch(/slack to slack\+http:\/\/127.0.0.1:\d+\/hook: .*503/);
    expect(said).toContain('accepted by email');
  });
});
