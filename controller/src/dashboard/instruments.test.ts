import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import { createSilentLog } from '../log.ts';
import { countCalls, createCallCounter } from './api-instruments.ts';
import { createInstruments, measureLeadership } from './instruments.ts';

it('tells of a queue under the names of controller-runtime and client-go', async () => {
  const registry = new Registry();
  const clock = createFakeClock();
  let failures = 1;
  const queue = createWorkQueue({
    name: 'policies',
    clock,
    log: createSilentLog(),
    instruments: createInstruments(registry),
    reconcile: async () => {
      if (failures-- > 0) throw new Error('once');
    },
  });
  queue.add('a');
  await clock.advance(1000);
  await queue.stop(0);
  const text = await registry.metrics();
  for (const line of [
    'controller_runtime_reconcile_total{controller="policies",result="success"} 1',
    'controller_runtime_reconcile_total{controller="policies",result="error"} 1',
    'controller_runtime_reconcile_errors_total{controller="policies"} 1',
    'controller_runtime_max_concurrent_reconciles{controller="policies"} 1',
    'controller_runtime_active_workers{controller="policies"} 0',
    'controller_runtime_reconcile_time_seconds_count{controller="policies"} 2',
    'workqueue_adds_total{name="policies",controller="policies"} 2',
    'workqueue_retries_total{name="policies",controller="policies"} 1',
    'workqueue_depth{name="policies",controller="policies"} 0',
    'workqueue_queue_duration_seconds_count{name="policies",controller="policies"} 2',
    'workqueue_work_duration_seconds_count{name="policies",controller="policies"} 2',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

it('has every name that dashboards for operators know', async () => {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  measureLeadership(registry, 'foghorn-controller', { isHeld: () => true });
  instruments.queue('policies', 1).began(0, 0)('success', 1);
  instruments.called('GET', '10.0.0.1:443', 200);
  instruments.called('GET', '10.0.0.1:443', 'error');
  const text = await registry.metrics();
  const names = `controller_runtime_reconcile_total controller_runtime_reconcile_errors_total
    controller_runtime_terminal_reconcile_errors_total controller_runtime_reconcile_time_seconds
    controller_runtime_max_concurrent_reconciles controller_runtime_active_workers
    controller_runtime_reconcile_panics_total controller_runtime_reconcile_timeouts_total
    workqueue_depth workqueue_adds_total workqueue_queue_duration_seconds workqueue_work_duration_seconds
    workqueue_unfinished_work_seconds workqueue_longest_running_processor_seconds workqueue_retries_total
    rest_client_requests_total leader_election_master_status`;
  for (const name of names.split(/\s+/)) {
    expect(text).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram)\n${name}`, 'm'));
  }
  for (const result of ['error', 'requeue', 'requeue_after']) {
    expect(text).toContain(`controller_runtime_reconcile_total{controller="policies",result="${result}"} 0`);
  }
  expect(text).toContain('rest_client_requests_total{code="200",method="GET",host="10.0.0.1:443"} 1');
  expect(text).toContain('rest_client_requests_total{code="<error>",method="GET",host="10.0.0.1:443"} 1');
});

it('shows a pass that does not end while it runs, and what kind of error ended one', async () => {
  const registry = new Registry();
  const queue = createInstruments(registry).queue('policies', 2);
  const value = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(await registry.metrics())?.[1]);
  const [first, second, third] = [queue.began(0, 0), queue.began(0, 0), queue.began(0, 0)];
  const longest = await value('workqueue_longest_running_processor_seconds');
  expect(longest).toBeGreaterThan(0);
  expect(await value('workqueue_unfinished_work_seconds')).toBeGreaterThan(longest);
  first('terminal', 1);
  second('panic', 1);
  third('timeout', 1);
  expect(await value('workqueue_unfinished_work_seconds')).toBe(0);
  expect(await value('controller_runtime_reconcile_errors_total')).toBe(3);
  expect(await value('controller_runtime_terminal_reconcile_errors_total')).toBe(1);
  expect(await value('controller_runtime_reconcile_panics_total')).toBe(1);
  expect(await value('controller_runtime_reconcile_timeouts_total')).toBe(1);
});

it('counts calls on in the registry of a leader, which its follower has begun in another', async () => {
  const [following, leading] = [new Registry(), new Registry()];
  const calls = createCallCounter();
  following.registerMetric(calls);
  countCalls(calls).called('PUT', '10.0.0.1:443', 409);
  const instruments = createInstruments(leading, calls);
  countCalls(calls).called('PUT', '10.0.0.1:443', 200);
  instruments.called('GET', '10.0.0.1:443', 200);
  const text = await leading.metrics();
  for (const labels of ['code="409",method="PUT"', 'code="200",method="PUT"', 'code="200",method="GET"']) {
    expect(text).toContain(`rest_client_requests_total{${labels},host="10.0.0.1:443"} 1`);
  }
  expect(await following.metrics()).toContain('rest_client_requests_total{code="409"');
});

it('tells how objects are followed', async () => {
  const registry = new Registry();
  const informer = createInstruments(registry).informer('Pod');
  informer.listed('routine');
  informer.missed(3);
  const text = await registry.metrics();
  expect(text).toContain('foghorn_informer_lists_total{kind="Pod",why="routine"} 1');
  expect(text).toContain('foghorn_informer_missed_total{kind="Pod"} 3');
});

it('tells of ticks, judging and messages', async () => {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  instruments.ticked({ lagSeconds: 0.25, seconds: 0.02, ok: true });
  instruments.judged(0.004);
  instruments.notified('first', 'sent');
  const lines = (await registry.metrics()).split('\n');
  expect(lines).toContain('foghorn_ticks_total{result="ok"} 1');
  expect(lines).toContain('foghorn_tick_lag_seconds 0.25');
  expect(lines).toContain('foghorn_evaluation_duration_seconds_count 1');
  expect(lines).toContain('foghorn_notifications_total{reason="first",result="sent"} 1');
});
