import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadTestStatus } from '../../controller/src/model/resources.generated.ts';
import { requireKubectl, skipUnless, type Requirement } from '../requirements.ts';
import { until } from '../until.ts';
import { createControllerProcess, type ControllerProcess } from './controller-process.ts';
import { createLoadTarget } from './load-target.ts';
import { BUILD_TIMEOUT_MS, buildLoadgen, requireGenerators } from './requirements.ts';

const WAIT_MS = 60_000;
const marker = `lt-${process.pid}`;
const target = createLoadTarget(marker);
const needed = (): Requirement => [requireGenerators(), requireKubectl()].find(({ skip }) => skip) ?? requireKubectl();
const isSkipped = needed().skip;

const reasonOf = ({ conditions = [] }: LoadTestStatus): string =>
  conditions.find(({ type }) => type === 'Ready')?.reason ?? '';
const conditionOf = ({ conditions = [] }: LoadTestStatus, type: string): string =>
  conditions.find((condition) => condition.type === type)?.status ?? '';
const isComplete = (status: LoadTestStatus): boolean => conditionOf(status, 'Complete') === 'True';
const isRunning = (status: LoadTestStatus): boolean =>
  reasonOf(status) === 'Running' && (status.summary?.requests ?? 0) > 0;

const policy = {
  apiVersion: 'foghorn.dev/v1alpha1',
  kind: 'MonitorPolicy',
  metadata: { name: 'target' },
  spec: {
    selector: {},
    containerNames: [target.name],
    interval: '5s',
    rules: [
      { name: 'cpu', severity: 'critical', expr: 'cpu > 60' },
      { name: 'under-load', severity: 'info', expr: 'loadtest.running && loadtest.rate > 5.0' },
    ],
  },
};

/** Ids of the generators next to the target, of whatever state. */
function generators(...filters: readonly string[]): Promise<string> {
  const ours = ['--filter', `network=${target.network}`, '--filter', 'label=foghorn.dev/loadtest-uid'];
  return target.cli.docker('ps', '--all', ...ours, '--format', '{{.ID}}', ...filters);
}

describe('a LoadTest on a real engine', { timeout: 240_000 }, () => {
  let controller: ControllerProcess;

  beforeAll(async () => {
    if (isSkipped) return;
    await buildLoadgen();
    await target.start();
    controller = await createControllerProcess({});
    await controller.start();
    await controller.apply(policy);
  }, BUILD_TIMEOUT_MS);
  beforeEach((context) => skipUnless(context, needed()));
  afterEach(async () => {
    if (isSkipped) return;
    await controller.kubectl('delete', 'loadtests', '--all', '--timeout=50s');
    // True whatever happened in between: no generator is left.
    await until('no generator is left', WAIT_MS, async () => (await generators()) === '' || undefined);
  }, 120_000);
  afterAll(async () => {
    if (isSkipped) return;
    await controller.dispose();
    await target.removeAll();
  }, 60_000);

  const declare = (name: string, spec: object): Promise<string> =>
    controller.apply({
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name },
      spec: {
        target: { url: target.url },
        endpoints: [{ path: '/' }],
        stages: [{ duration: '60s', rate: 20 }],
        shape: 'Constant',
        ...spec,
      },
    });

  it('succeeds, with counts as the target counted them, and is seen everywhere meanwhile', async () => {
    const before = await target.requests();
    await declare('small', {
      endpoints: [{ path: '/' }, { path: '/burn' }],
      stages: [{ duration: '20s', rate: 40 }],
      concurrency: 20,
      thresholds: [
        { name: 'p95', expr: 'latency.p95 < 20' },
        { name: 'errors', expr: 'errorRate < 0.01' },
        { name: 'cpu', expr: `impact['${target.name}'].cpu.max > 10` },
      ],
    });
    await controller.until('small', 'it runs', isRunning);
    await until(
      'report.log has its rate',
      WAIT_MS,
      () => /Requests\/s: [1-9]/.test(controller.reportLog()) || undefined,
    );
    expect(await controller.get('/api/metrics')).toMatch(/"loadtest":\{"name":"small","rate":[1-9]/);
    expect(await controller.get('/api/state')).toMatch(
      /"loadTests":\[\{"namespace":"default","name":"small","phase":"running"/,
    );
    expect(await controller.get('/metrics')).toMatch(/foghorn_loadtest_running\{namespace="default",name="small"\} 1/);
    await controller.kubectl('wait', '--for=condition=Complete', 'loadtest/small', '--timeout=50s');
    const done = await controller.until('small', 'complete', isComplete);
    expect(conditionOf(done, 'Succeeded')).toBe('True');
    expect(done).toMatchObject({
      progress: '100% of 20s',
      summary: { requests: 800, errors: 0 },
      generators: { desired: 1, failed: 0 },
    });
    expect(done.endpoints?.map(({ path }) => path).toSorted()).toEqual(['/', '/burn']);
    expect(done.impact?.[0]).toMatchObject({ container: target.name, restarts: 0 });
    expect(done.alerts?.map(({ rule }) => rule)).toContain('under-load');
    expect((await target.requests()) - before).toBe(800);
    const table = await controller.kubectl('get', 'lt', 'small');
    expect(table).toMatch(/STATUS +PROGRESS +RATE +P95 +ERRORS +RESULT/);
    expect(table).toMatch(/ThresholdsPassed +100% of 20s/);
    const events = await controller.kubectl('get', 'events', '--field-selector', 'involvedObject.name=small');
    expect(events).toMatch(/Running/);
  });

  it('merges several generators without loss', async () => {
    const before = await target.requests();
    await declare('two', { parallelism: 2, stages: [{ duration: '5s', rate: 40 }] });
    const done = await controller.until('two', 'complete', isComplete);
    expect(done).toMatchObject({ summary: { requests: 200, errors: 0 }, generators: { desired: 2, failed: 0 } });
    expect((await target.requests()) - before).toBe(200);
  });

  it('fails truly when its generator is killed', async () => {
    await declare('killed', {});
    await controller.until('killed', 'it runs', isRunning);
    await target.cli.docker('kill', await generators());
    const done = await controller.until('killed', 'complete', isComplete);
    expect([conditionOf(done, 'Succeeded'), reasonOf(done)]).toEqual(['False', 'GeneratorFailed']);
    expect(done.conditions?.find(({ type }) => type === 'Ready')?.message).toContain('137');
    expect(done.summary?.requests).toBeGreaterThan(0);
  });

  it('fails truly when its generator is removed', async () => {
    await declare('removed', {});
    await controller.until('removed', 'it runs', isRunning);
    await target.cli.docker('rm', '--force', await generators());
    const done = await controller.until('removed', 'complete', isComplete);
    expect([conditionOf(done, 'Succeeded'), reasonOf(done)]).toEqual(['False', 'GeneratorFailed']);
  });

  it('stops its generators when it is deleted while it runs', async () => {
    await declare('deleted', {});
    await controller.until('deleted', 'it runs', isRunning);
    await controller.kubectl('delete', 'loadtest', 'deleted', '--timeout=50s');
    expect(await generators()).toBe('');
  });

  it('goes on when the controller is killed and comes back: the same generator, the whole result', async () => {
    await declare('crashed', { stages: [{ duration: '30s', rate: 10 }] });
    await controller.until('crashed', 'it runs', isRunning);
    const before = await generators();
    await controller.kill();
    expect(await generators()).toBe(before);
    await controller.start();
    const running = await controller.until('crashed', 'it runs again', isRunning);
    expect([reasonOf(running), await generators()]).toEqual(['Running', before]);
    const done = await controller.until('crashed', 'complete', isComplete);
    expect(done).toMatchObject({ summary: { requests: 300, errors: 0 } });
    expect(conditionOf(done, 'Succeeded')).toBe('True');
  });

  it('has its result when the controller was away at its end', async () => {
    await declare('away', { stages: [{ duration: '10s', rate: 10 }] });
    await controller.until('away', 'it runs', isRunning);
    await controller.kill();
    await until(
      'the generator ended',
      WAIT_MS,
      async () => (await generators('--filter', 'status=exited')) !== '' || undefined,
    );
    await controller.start();
    const done = await controller.until('away', 'complete', isComplete);
    expect(done).toMatchObject({ summary: { requests: 100 }, progress: '100% of 10s' });
  });

  it('aborts on a threshold, and has the result of the part that ran', async () => {
    await declare('aborted', { thresholds: [{ name: 'few', expr: 'requests < 50', abortOnFail: true }] });
    const done = await controller.until('aborted', 'complete', isComplete);
    expect([conditionOf(done, 'Succeeded'), reasonOf(done)]).toEqual(['False', 'AbortedOnThreshold']);
    expect(done.summary?.requests).toBeGreaterThanOrEqual(50);
    expect(done.summary?.serviceTime?.p95).toBeGreaterThan(0);
  });

  it('suspends and starts anew', async () => {
    await declare('held', {});
    await controller.until('held', 'it runs', isRunning);
    await controller.kubectl('patch', 'loadtest', 'held', '--type=merge', '--patch', '{"spec":{"suspend":true}}');
    await controller.until('held', 'it is suspended', (status) => reasonOf(status) === 'Suspended');
    expect(await generators()).toBe('');
    await controller.kubectl('patch', 'loadtest', 'held', '--type=merge', '--patch', '{"spec":{"suspend":false}}');
    await controller.until('held', 'it runs', isRunning);
  });

  it('says that nobody answers', async () => {
    await declare('nobody', { target: { url: `http://${target.name}:9` }, stages: [{ duration: '3s', rate: 10 }] });
    const done = await controller.until('nobody', 'complete', isComplete);
    expect([conditionOf(done, 'Succeeded'), reasonOf(done)]).toEqual(['False', 'TargetUnreachable']);
    expect(done.conditions?.find(({ type }) => type === 'Ready')?.message).toContain('refused 30');
  });

  it('drives no stranger', async () => {
    await declare('stranger', { target: { url: 'http://example.com' } });
    await controller.until('stranger', 'it is refused', (status) => reasonOf(status) === 'TargetNotAllowed');
    expect(await generators()).toBe('');
  });

  it('sees its target die, truly', async () => {
    await declare('dying', {
      stages: [{ duration: '20s', rate: 10 }],
      thresholds: [{ name: 'errors', expr: 'errorRate < 0.01' }],
    });
    await controller.until('dying', 'it runs', isRunning);
    await target.cli.docker('kill', target.name);
    const done = await controller.until('dying', 'complete', isComplete);
    await target.cli.docker('start', target.name);
    expect([conditionOf(done, 'Succeeded'), reasonOf(done)]).toEqual(['False', 'ThresholdsFailed']);
    expect(done.summary).toMatchObject({ requests: 200 });
    expect(done.summary?.errorRate).toBeGreaterThan(0.01);
  });
});
