import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { startStopwatch } from '../clock.ts';
import type { Instruments, PassResult } from '../model/instruments.ts';

/** As controller-runtime and client-go have them. */
const reconcileBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const queueBuckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

/** https://book.kubebuilder.io/reference/metrics-reference: the names that dashboards for operators know. */
export function createQueues(registry: Registry): Instruments['queue'] {
  const registers = [registry];
  const { total, errors, terminal, panics, timeouts, adds, retries } = createQueueCounters(registry);
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
  const unfinished = createUnfinished(registry);
  const count = (result: PassResult, controller: string): void => {
    const isFailure = result !== 'success' && result !== 'requeue_after';
    total.inc({ controller, result: isFailure ? 'error' : result });
    if (isFailure) errors.inc({ controller });
    if (result === 'terminal') terminal.inc({ controller });
    if (result === 'panic') panics.inc({ controller });
    if (result === 'timeout') timeouts.inc({ controller });
  };
  return (name, concurrency) => {
    concurrent.set({ controller: name }, concurrency);
    const labels = { name, controller: name };
    depth.set(labels, 0);
    active.set({ controller: name }, 0);
    for (const result of ['success', 'requeue', 'requeue_after', 'error']) total.inc({ controller: name, result }, 0);
    for (const failures of [errors, terminal, panics, timeouts]) failures.inc({ controller: name }, 0);
    const begun = unfinished(labels);
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
        const finish = begun();
        return (result, seconds) => {
          finish();
          active.dec({ controller: name });
          count(result, name);
          reconciling.observe({ controller: name }, seconds);
          working.observe(labels, seconds);
        };
      },
    };
  };
}

function createQueueCounters(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const total = counter('controller_runtime_reconcile_total', 'Reconciliations.', ['controller', 'result']);
  const ofController = (name: string, help: string): Counter<'controller'> => counter(name, help, ['controller']);
  const errors = ofController('controller_runtime_reconcile_errors_total', 'Failed reconciliations.');
  const terminal = ofController(
    'controller_runtime_terminal_reconcile_errors_total',
    'Those that are not tried again.',
  );
  const panics = ofController('controller_runtime_reconcile_panics_total', 'Reconciliations that failed unexpectedly.');
  const timeouts = ofController('controller_runtime_reconcile_timeouts_total', 'Reconciliations that were cut short.');
  const adds = counter('workqueue_adds_total', 'Keys added.', ['name', 'controller']);
  const retries = counter('workqueue_retries_total', 'Keys tried again.', ['name', 'controller']);
  return { total, errors, terminal, panics, timeouts, adds, retries };
}

/** How long the passes that run now have run: a queue that is stuck shows here, and nowhere else. */
function createUnfinished(registry: Registry): (labels: QueueLabels) => () => () => void {
  const queues: { readonly labels: QueueLabels; readonly running: Set<() => number> }[] = [];
  const gauge = (name: string, help: string, seconds: (running: readonly number[]) => number): void => {
    const made: Gauge<'name' | 'controller'> = new Gauge({
      name,
      help,
      labelNames: ['name', 'controller'],
      registers: [registry],
      collect() {
        for (const { labels, running } of queues) {
          made.set(labels, seconds([...running].map((elapsedMs) => elapsedMs() / 1000)));
        }
      },
    });
  };
  gauge('workqueue_unfinished_work_seconds', 'Of the passes under way, in sum.', (running) =>
    running.reduce((sum, one) => sum + one, 0),
  );
  gauge('workqueue_longest_running_processor_seconds', 'Of the pass that has been under way longest.', (running) =>
    Math.max(0, ...running),
  );
  return (labels) => {
    const running = new Set<() => number>();
    queues.push({ labels, running });
    return () => {
      const elapsedMs = startStopwatch();
      running.add(elapsedMs);
      return () => void running.delete(elapsedMs);
    };
  };
}

interface QueueLabels {
  readonly name: string;
  readonly controller: string;
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
