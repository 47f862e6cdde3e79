import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAdmission } from '../../apiserver/admission.ts';
import { createEmbeddedClient } from '../../apiserver/embedded-client.ts';
import { loadKinds } from '../../apiserver/kinds.ts';
import { openTestApi } from '../../apiserver/test-api.ts';
import { alerts, loadTests, monitorPolicies, silences, type ResourceClient } from '../../kube/client.ts';
import { buildTarget } from '../../model/builders.ts';
import type { LoadTestSnapshot } from '../../model/load-test.ts';
import { buildFiringAlert } from '../../notify/builders.ts';
import { ACKNOWLEDGED_ANNOTATION } from '../../reconcile/acknowledgement.ts';
import { alertObjectName, alertToObject } from '../../reconcile/alert-object.ts';
import { owned } from '../../reconcile/apply.ts';
import { validators } from '../../reconcile/validators.ts';
import { createAlertDesk } from './alerts.ts';
import { createLoadDesk } from './load-tests.ts';
import { createPolicyDesk } from './policies.ts';
import { createPreview } from './preview.ts';

const root = join(import.meta.dirname, '../../../..');
const kinds = await loadKinds(join(root, 'crds'));
const alert = buildFiringAlert();
const checker = { kinds, admission: createAdmission({ kinds, validators }) };

const policy = (expr: string, name = 'web', more = ''): string =>
  `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata: { name: ${name} }
spec:
  selector: {}
  rules:
    - { name: cpu, severity: critical, expr: ${expr} }
${more}`;

async function open() {
  const { api, clock } = await openTestApi();
  return { client: createEmbeddedClient({ api, fieldManager: 'page' }), clock };
}

async function openPolicies() {
  const { client } = await open();
  return { client, desk: createPolicyDesk({ client, checker }) };
}

describe('policies from the page', () => {
  it('are created, changed, read and deleted by the checks of the API', async () => {
    const { desk, client } = await openPolicies();
    expect(await desk.applyPolicies({ yaml: policy('cpu > 80') })).toMatchObject({
      kind: 'done',
      value: { applied: [{ key: 'default/web', action: 'created' }] },
    });
    expect(await desk.applyPolicies({ yaml: policy('cpu > 80') })).toMatchObject({
      value: { applied: [{ action: 'unchanged' }] },
    });
    expect(await desk.applyPolicies({ yaml: policy('cpu > 90') })).toMatchObject({
      value: { applied: [{ action: 'configured' }] },
    });
    const read = await desk.read('default/web');
    expect(read).toMatchObject({ key: 'default/web', origin: { kind: 'api', editable: true } });
    expect(read?.yaml).toContain('expr: cpu > 90');
    expect(read?.yaml).not.toMatch(/resourceVersion|managedFields|status|uid/);
    expect(await desk.list()).toHaveLength(1);
    expect(await desk.deletePolicy('default/web')).toEqual({ kind: 'done', value: true });
    expect(await desk.deletePolicy('default/web')).toMatchObject({ kind: 'refused', reason: 'notFound' });
    expect(await client.list(monitorPolicies)).toMatchObject({ items: [] });
  });

  it.each([
    ['an unknown variable', policy('memry > 80'), { path: 'spec.rules[0].expr', line: 7, column: 46 }],
    ['an unknown field', policy('cpu > 80', 'web', '  colour: red\n'), { path: 'spec.colour', line: 8, column: 3 }],
    ['no YAML', 'a: [1\nb: {', { line: 2 }],
    ['another kind', policy('cpu > 80').replace('MonitorPolicy', 'Secret'), { path: 'kind', line: 2 }],
    ['nothing', '# nothing\n', { line: 1, column: 1 }],
  ])('are refused for %s, with its place', async (_name, yaml, place) => {
    const { desk, client } = await openPolicies();
    expect(desk.check(yaml).problems[0]).toMatchObject({ severity: 'error', ...place });
    const outcome = await desk.applyPolicies({ yaml });
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'invalid' });
    expect((await client.list(monitorPolicies)).items).toEqual([]);
  });

  it('are applied all or none', async () => {
    const { desk, client } = await openPolicies();
    const yaml = `${policy('cpu > 80', 'one')}---\n${policy('cpu > 80', 'two')}`;
    const broken = yaml.replace(/cpu > 80(?![\s\S]*cpu > 80)/, 'cpux > 80');
    expect(await desk.applyPolicies({ yaml: broken })).toMatchObject({ kind: 'refused' });
    expect((await client.list(monitorPolicies)).items).toEqual([]);
    expect(await desk.applyPolicies({ yaml })).toMatchObject({
      value: { applied: [{ key: 'default/one' }, { key: 'default/two' }] },
    });
  });

  it('warn of what is allowed and hardly meant', async () => {
    const { desk } = await openPolicies();
    expect(desk.check(policy('cpu > 0.8')).problems).toMatchObject([{ severity: 'warning', line: 7 }]);
    expect(await desk.applyPolicies({ yaml: policy('cpu > 0.8') })).toMatchObject({ kind: 'done' });
  });

  it('are not lost under each other, and a status in between is no change', async () => {
    const { desk, client } = await openPolicies();
    await desk.applyPolicies({ yaml: policy('cpu > 80') });
    const { resourceVersion = '' } = (await desk.read('default/web')) ?? {};
    const object = await client.get(monitorPolicies, 'default', 'web');
    if (object === undefined) throw new Error('it was written');
    await client.updateStatus(monitorPolicies, { ...object, status: { observedGeneration: 1 } });
    expect(await desk.applyPolicies({ yaml: policy('cpu > 85'), resourceVersion })).toMatchObject({ kind: 'done' });
    expect(await desk.applyPolicies({ yaml: policy('cpu > 70'), resourceVersion })).toMatchObject({
      kind: 'refused',
      reason: 'conflict',
    });
    await desk.deletePolicy('default/web');
    expect(await desk.applyPolicies({ yaml: policy('cpu > 70'), resourceVersion })).toMatchObject({
      reason: 'conflict',
    });
  });

  it.each([
    ['policy-folder', 'web.yaml', 'edit that file'],
    ['environment', 'environment', 'settings of the controller'],
  ])('that %s keeps are left alone', async (source, file, words) => {
    const { desk, client } = await openPolicies();
    const object = {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'MonitorPolicy',
      metadata: { name: 'web' },
      spec: { selector: {}, rules: [{ name: 'a', severity: 'info', expr: 'cpu > 80' }] },
    };
    await client.create(monitorPolicies, owned(object, source, file));
    for (const outcome of [
      await desk.applyPolicies({ yaml: policy('cpu > 80') }),
      await desk.deletePolicy('default/web'),
    ]) {
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'conflict', message: expect.stringContaining(words) });
    }
    expect(await desk.read('default/web')).toMatchObject({ origin: { editable: false } });
  });
});

const watchersOf = (id: string) =>
  id === 'local/web' ? { name: 'web', policies: ['default/a', 'default/b', 'prod/c'] } : undefined;

async function openAlerts() {
  const { client, clock } = await open();
  await client.create(alerts, alertToObject(alert));
  return { client, clock, desk: createAlertDesk({ client, alerts: () => [alert], watchersOf, clock }) };
}

const marksOf = async (client: ResourceClient) =>
  (await client.list(alerts)).items.map(({ metadata }) => metadata.annotations?.[ACKNOWLEDGED_ANNOTATION]);

describe('alerts from the page', () => {
  it('are acknowledged on their object, and given back', async () => {
    const { client, desk } = await openAlerts();
    expect(await desk.acknowledge(alert.key, 'ann')).toEqual({ kind: 'done', value: true });
    expect(await marksOf(client)).toEqual(['ann']);
    expect(await desk.acknowledge(alert.key, undefined)).toEqual({ kind: 'done', value: true });
    expect(await marksOf(client)).toEqual([undefined]);
    expect(await desk.acknowledge('nobody', 'ann')).toMatchObject({ kind: 'refused', reason: 'notFound' });
  });

  it('are silenced by objects of their namespace, by whom and until when', async () => {
    const { client, clock, desk } = await openAlerts();
    const request = { alertKey: alert.key, durationMs: 3_600_000, comment: 'works' };
    const made = await desk.silence(request, 'ann');
    expect(made).toMatchObject({
      kind: 'done',
      value: [
        { comment: 'works', createdBy: 'ann', endsAt: clock.now() + 3_600_000, matchers: { rules: [alert.rule] } },
      ],
    });
    expect((await client.list(silences)).items).toHaveLength(1);
    const [listed] = await desk.silences();
    expect(await desk.deleteSilence(listed?.name ?? '')).toEqual({ kind: 'done', value: true });
    expect(await desk.deleteSilence(listed?.name ?? '')).toMatchObject({ reason: 'notFound' });
  });

  it('of a container are silenced in each namespace that watches it', async () => {
    const { clock, desk } = await openAlerts();
    const made = await desk.silence({ target: 'local/web', until: clock.now() + 1000, comment: '' }, 'ann');
    expect(made).toMatchObject({ value: [{ matchers: { containerNames: ['web'] } }, { matchers: {} }] });
    expect(await desk.silence({ target: 'nobody', until: clock.now() + 1000, comment: '' }, 'ann')).toMatchObject({
      reason: 'notFound',
    });
    expect(await desk.silence({ target: 'local/web', until: clock.now(), comment: '' }, 'ann')).toMatchObject({
      reason: 'invalid',
    });
  });
});

async function openLoads(running: readonly LoadTestSnapshot[] = []) {
  const { client, clock } = await open();
  const desk = createLoadDesk({
    client,
    checker,
    snapshots: () => running,
    series: () => [{ at: 1, rate: 50, errors: 0 }],
    targets: () => [buildTarget({ name: 'webapp' })],
    alerts: () => [alert],
    readSamples: async () => [{ at: 1, mean: 10, max: 20 }],
    samplesDir: join(root, 'manifests/loadtests'),
    unavailable: undefined,
    clock,
  });
  return { client, desk };
}

describe('load tests from the page', () => {
  it('start from every sample, pointed elsewhere if asked', async () => {
    const { desk, client } = await openLoads();
    const samples = desk.samples();
    expect(samples.map(({ name }) => name)).toContain('smoke');
    expect(samples.every(({ description }) => description !== '')).toBe(true);
    for (const { name } of samples) {
      expect(await desk.startLoadTest({ sample: name, url: 'http://other:1' })).toMatchObject({
        value: { action: 'created' },
      });
    }
    const { items } = await client.list(loadTests);
    expect(items.map(({ spec }) => spec)).toEqual(
      items.map(() => expect.objectContaining({ target: expect.objectContaining({ url: 'http://other:1' }) })),
    );
  });

  it('run again, stop, and are shown with what they did', async () => {
    const { desk, client } = await openLoads();
    await desk.startLoadTest({ sample: 'smoke' });
    const object = await client.get(loadTests, 'default', 'webapp-smoke');
    if (object === undefined) throw new Error('it was written');
    await client.updateStatus(loadTests, {
      ...object,
      status: {
        startTime: '2026-11-22T10:00:00Z',
        completionTime: '2026-11-22T10:01:00Z',
        impact: [{ container: 'webapp', cpu: { avg: 40, max: 90 } }],
        alerts: [{ name: alertObjectName(alert), rule: alert.rule, severity: 'critical' }],
      },
    });
    expect(await desk.read('default/webapp-smoke')).toMatchObject({
      loadTest: { startedAt: Date.parse('2026-11-22T10:00:00Z') },
      impact: [{ target: 'local/webapp', cpu: { avg: 40, max: 90 }, cpuPoints: [{ mean: 10 }] }],
      series: [{ requests: 50, p95: null }],
      alerts: [{ severity: 'critical', container: alert.target.name }],
    });
    const span = { fromMs: Date.parse('2026-11-22T10:00:30Z'), toMs: Date.parse('2026-11-22T11:00:00Z') };
    expect(await desk.spans('webapp', span)).toMatchObject([{ key: 'default/webapp-smoke' }]);
    expect(await desk.spans('db', span)).toEqual([]);
    expect(await desk.startLoadTest({ sample: 'smoke' })).toMatchObject({ value: { action: 'rerun' } });
    expect(await desk.stopLoadTest('default/webapp-smoke')).toMatchObject({ kind: 'done' });
    expect((await desk.list()).loadTests).toMatchObject([{ suspended: true }]);
    expect(await desk.stopLoadTest('default/none')).toMatchObject({ reason: 'notFound' });
  });

  it('are refused when they are wrong, unknown or running', async () => {
    const snapshot = {
      namespace: 'default',
      name: 'webapp-smoke',
      phase: 'running',
      running: true,
      elapsedSeconds: 1,
      durationSeconds: 2,
    } as const;
    const { desk } = await openLoads([snapshot]);
    expect(await desk.startLoadTest({ sample: 'smoke' })).toMatchObject({ reason: 'conflict' });
    expect(await desk.startLoadTest({ sample: 'none' })).toMatchObject({ reason: 'notFound' });
    expect(await desk.startLoadTest({ yaml: policy('cpu > 80') })).toMatchObject({ reason: 'invalid' });
    expect(await desk.startLoadTest({ sample: 'low', url: 'file:///etc/passwd' })).toMatchObject({ reason: 'invalid' });
  });
});

describe('a preview', () => {
  it('plays a policy on what was recorded, one at a time, and refuses what is not valid', async () => {
    const { clock } = await open();
    const target = buildTarget({ name: 'web', labels: { team: 'a' } });
    const samples = Array.from({ length: 20 }, (_, index) => ({
      targetId: target.id,
      at: clock.now() - 600_000 + index * 30_000,
      values: { up: 1, cpu: index === 10 ? 91.5 : 5 },
    }));
    const history = { recorded: async () => ({ targetId: target.id, samples, resolutionMs: 0 }) };
    const preview = createPreview({ checker, history, targets: () => [target], clock });
    const yaml = policy('cpu > 80').replace('selector: {}', 'selector: { matchLabels: { team: a } }');
    const both = await Promise.all([preview(yaml, 1), preview(yaml, 1)]);
    expect(both[0]).toMatchObject({ value: { replays: [{ looks: 20, alerts: [{ fired: true }], alertsLeftOut: 0 }] } });
    expect(both[1]).toMatchObject({ kind: 'refused', reason: 'busy' });
    expect(await preview(policy('memry > 1'), 1)).toMatchObject({ kind: 'refused', reason: 'invalid' });
  });
});
