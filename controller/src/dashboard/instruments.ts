import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Leadership } from '../model/leadership.ts';
import { notificationReasons } from '../model/notification.ts';
import type { Instruments } from '../model/instruments.ts';
import { createApiCounters, createCallCounter, type CallCounter } from './api-instruments.ts';
import { createQueues } from './queue-instruments.ts';

/** From a tenth of a millisecond to ten seconds. */
const fineBuckets = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Counters and histograms in a registry.
 * @param calls that were counted before, in another registry, are counted on
 */
export function createInstruments(registry: Registry, calls: CallCounter = createCallCounter()): Instruments {
  const registers = [registry];
  const ticks = new Counter({
    name: 'foghorn_ticks_total',
    help: 'Passes of the main loop.',
    labelNames: ['result'],
    registers,
  });
  const lag = new Gauge({ name: 'foghorn_tick_lag_seconds', help: 'How late the last pass began.', registers });
  const tickSeconds = new Histogram({
    name: 'foghorn_tick_duration_seconds',
    help: 'Passes of the main loop, with looks at containers.',
    buckets: fineBuckets,
    registers,
  });
  const evaluation = new Histogram({
    name: 'foghorn_evaluation_duration_seconds',
    help: 'Judging the rules and stepping the alerts of one pass.',
    buckets: fineBuckets,
    registers,
  });
  const notifications = new Counter({
    name: 'foghorn_notifications_total',
    help: 'Attempts to send a message to a recipient.',
    labelNames: ['reason', 'result'],
    registers,
  });
  // From zero on, so that the first one is a rise.
  for (const reason of [...notificationReasons, 'digest']) {
    for (const result of ['sent', 'retry', 'rejected']) notifications.inc({ reason, result }, 0);
  }
  const queues = createQueues(registry);
  return {
    ticked({ lagSeconds, seconds, ok }) {
      ticks.inc({ result: ok ? 'ok' : 'failed' });
      lag.set(lagSeconds);
      tickSeconds.observe(seconds);
    },
    judged: (seconds) => evaluation.observe(seconds),
    notified: (reason, result) => notifications.inc({ reason, result }),
    queue: queues,
    ...createApiCounters(registry, calls),
  };
}

/** client-go's, by the name of the Lease. */
export function measureLeadership(registry: Registry, leaseName: string, { isHeld }: Pick<Leadership, 'isHeld'>): void {
  const status: Gauge<'name'> = new Gauge({
    name: 'leader_election_master_status',
    help: '1 while this replica leads.',
    labelNames: ['name'],
    registers: [registry],
    collect: () => status.set({ name: leaseName }, isHeld() ? 1 : 0),
  });
}
