import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import { createSilentLog } from '../log.ts';
import { createInstruments } from './instruments.ts';

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
