import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Leadership } from '../model/leadership.ts';
import { notificationReasons } from '../model/notification.ts';
import type { Instruments } from '../model/instruments.ts';

/** From a tenth of a millisecond to ten seconds. */
const fineBuckets = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
/** As controller-runtime and client-go have them. */
const reconcileBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const queueBuckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

/** Counters and histograms in a registry. */
export function createInstruments(registry: Registry): Instruments {
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

/** https://book.kubebuilder.io/reference/metrics-reference: the names that dashboards for operators know. */
function createQueues(registry: Registry): Instruments['queue'] {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const total = counter('controller_runtime_reconcile_total', 'Reconciliations.', ['controller', 'result']);
  const errors = counter('controller_runtime_reconcile_errors_total', 'Failed reconciliations.', ['controller']);
  const adds = counter('workqueue_adds_total', 'Keys added.', ['name', 'controller']);
  const retries = counter('workqueue_retries_total', 'Keys tried again.', ['name', 'controller']);
  const { reconciling, waiting, working } = createQueueHistograms(registry);
  const depth = new Gauge({
    name: 'workqueue_depth',
    help: 'Keys that wait.',
    labelNames: ['name', 'controller'],
    registers,
  });
  const active = new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Reconciliations under way.',
    labelNames: ['controller'],
    registers,
  });
  const concurrent = new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Reconciliations that may run at one time.',
    labelNames: ['controller'],
    registers,
  });
  return (name, concurrency) => {
    concurrent.set({ controller: name }, concurrency);
    const labels = { name, controller: name };
    depth.set(labels, 0);
    active.set({ controller: name }, 0);
    for (const result of ['success', 'requeue_after', 'error']) total.inc({ controller: name, result }, 0);
    errors.inc({ controller: name }, 0);
    adds.inc(labels, 0);
    retries.inc(labels, 0);
    return {
      added(keys) {
        adds.inc(labels);
        depth.set(labels, keys);
      },
      retried: () => retries.inc(labels),
      began(waitedSeconds, keys) {
        depth.set(labels, keys);
        active.inc({ controller: name });
        waiting.observe(labels, waitedSeconds);
      },
      ended(result, seconds) {
        active.dec({ controller: name });
        total.inc({ controller: name, result });
        if (result === 'error') errors.inc({ controller: name });
        reconciling.observe({ controller: name }, seconds);
        working.observe(labels, seconds);
      },
    };
  };
}

function createQueueHistograms(registry: Registry) {
  const registers = [registry];
  return {
    reconciling: new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Time of a reconciliation.',
      labelNames: ['controller'],
      buckets: reconcileBuckets,
      registers,
    }),
    waiting: new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'How long a key waits.',
      labelNames: ['name', 'controller'],
      buckets: queueBuckets,
      registers,
    }),
    working: new Histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'How long the pass over a key takes.',
      labelNames: ['name', 'controller'],
      buckets: queueBuckets,
      registers,
    }),
  };
}
