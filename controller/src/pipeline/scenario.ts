import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBook } from '../alert/book.ts';
import { createCollector } from '../collect/collect.ts';
import type { Runtime } from '../collect/runtime.ts';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { Alert, AlertChange } from '../model/alert.ts';
import { buildObservation, buildPolicy } from '../model/builders.ts';
import type { HostStatus } from '../model/host.ts';
import type { NotifiedAlert } from '../model/notification.ts';
import type { ContainerObservation, Observation } from '../model/observation.ts';
import type { Policy, RuleSpec } from '../model/policy.ts';
import type { Budget } from '../notify/budget-keeper.ts';
import { createFakeNotifier, type FakeNotifier } from '../notify/fake-notifier.ts';
import { createOutbox } from '../notify/outbox.ts';
import { createProblems } from '../problems.ts';
import { createMemoryHistory } from '../record/history/memory.ts';
import { createLogs } from '../record/logs/logs.ts';
import { createWindows } from '../record/window.ts';
import { createLedger, type AlertSink } from './ledger.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';

/** A host made of values: tests set what its containers look like. */
export interface FakeHost {
  set(...containers: readonly Partial<ContainerObservation>[]): void;
  setReachable(reachable: boolean): void;
  touch(targetId: string): void;
  readonly runtime: Runtime;
}

/** The pipeline with all that is ours, on a fake host, a fake clock and a fake notifier. */
export interface Scenario {
  readonly clock: FakeClock;
  readonly host: FakeHost;
  readonly notifier: FakeNotifier;
  readonly changes: AlertChange[];
  /** What the budget began to hold back. */
  readonly heldBack: string[];
  readonly stored: ReadonlyMap<string, Alert>;
  readonly sink: { failing: boolean };
  /** The pipeline of the present process. */
  pipeline(): Pipeline;
  /** Kills the process and starts another one on what was stored. */
  restart(): void;
  /** Lets time pass, second by second, as the main loop does. */
  pass(ms: number): Promise<void>;
  subjects(): readonly string[];
  close(): void;
}

export function buildRule(overrides: Partial<RuleSpec>): RuleSpec {
  return { name: 'down', severity: 'critical', expr: '!up', forMs: 0, keepFiringForMs: 0, actions: [], ...overrides };
}

const STEP_MS = 1000;

/** `budget` outlives the process, as its counts do. */
export function createScenario(policies: readonly Partial<Policy>[], budget?: Budget): Scenario {
  const clock = createFakeClock();
  const host = createFakeHost(clock);
  const notifier = createFakeNotifier();
  const changes: AlertChange[] = [];
  const heldBack: string[] = [];
  const stored = new Map<string, Alert>();
  const sink = { failing: false };
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-scenario-'));
  const start = (): Pipeline => {
    const pipeline = createProcess({ clock, host, notifier, changes, heldBack, stored, sink, dir, budget });
    for (const policy of policies) pipeline.apply(buildPolicy(policy));
    return pipeline;
  };
  let pipeline = start();
  return {
    clock,
    host,
    notifier,
    changes,
    heldBack,
    stored,
    sink,
    pipeline: () => pipeline,
    restart: () => {
      pipeline = start();
    },
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        await clock.advance(STEP_MS);
        await pipeline.tick(clock.now());
        await clock.advance(0);
      }
    },
    subjects: () => notifier.sent.map(({ subject }) => subject),
    close: () => rmSync(dir, { recursive: true }),
  };
}

type Parts = Pick<Scenario, 'clock' | 'host' | 'notifier' | 'changes' | 'heldBack' | 'sink'> & {
  readonly stored: Map<string, Alert>;
  readonly dir: string;
  readonly budget: Budget | undefined;
};

function createProcess({ clock, host, notifier, changes, heldBack, stored, sink, dir, budget }: Parts): Pipeline {
  const log = createSilentLog();
  const problems = createProblems({ clock, log });
  const prober = { run: () => Promise.reject(new Error('no probes here')), stop: () => Promise.resolve() };
  const book = createBook();
  const ledger = createLedger(mapSink(stored, sink), log);
  book.restore([...stored.values()]);
  ledger.adopt([...stored.values()]);
  const outbox = createOutbox({
    notifier,
    clock,
    log,
    readiness: { configured: true, message: 'fake' },
    random: () => 0.5,
    render: ({ alerts }) => {
      const subject = summarize(alerts);
      return { subject, text: alerts.map(({ alert }) => `${alert.state}: ${alert.message}`).join('\n'), html: subject };
    },
    onResult: (result) => pipeline.delivered(result),
  });
  const pipeline: Pipeline = createPipeline({
    collector: createCollector({ runtimes: [host.runtime], prober, clock, log }),
    windows: createWindows({ maxAgeMs: 3_600_000, maxPoints: 400 }),
    history: createMemoryHistory({ clock }),
    logs: createLogs({ dir, maxBytes: 1_000_000, keepFiles: 2, problems, log }),
    book,
    ledger,
    outbox,
    budget,
    problems,
    clock,
    log,
    defaults: { from: 'foghorn@example.org', to: ['ops@example.org'] },
    alertRetentionMs: 86_400_000,
    seenRunning: [],
    objectName: ({ key }) => key,
    onChange: (change) => changes.push(change),
    onHeldBack: ({ alerts }) =>
      heldBack.push(...alerts.map(({ alert, reason }) => `${reason} ${nameAlert({ alert })}`)),
  });
  return pipeline;
}

/** `first web/down/critical,db/down/critical; resolved cache/cpu/warning`. */
function summarize(alerts: readonly NotifiedAlert[]): string {
  const byReason = Map.groupBy(alerts, ({ reason }) => reason);
  return [...byReason].map(([reason, told]) => `${reason} ${told.map(nameAlert).join()}`).join('; ');
}

function nameAlert({ alert }: Pick<NotifiedAlert, 'alert'>): string {
  return `${alert.target.name}/${alert.rule}/${alert.severity}`;
}

function mapSink(stored: Map<string, Alert>, sink: { failing: boolean }): AlertSink {
  return {
    async save(alerts) {
      if (sink.failing) throw new Error('disk full');
      for (const alert of alerts) stored.set(alert.key, alert);
    },
    async remove(alerts) {
      for (const { key } of alerts) stored.delete(key);
    },
  };
}

function createFakeHost(clock: FakeClock): FakeHost {
  let containers: readonly ContainerObservation[] = [];
  let reachable = true;
  let since = 0;
  let listener: ((targetId: string) => void) | undefined;
  const status = (): HostStatus =>
    reachable
      ? {
          host: 'local',
          runtime: 'docker',
          since,
          reachable,
          engineVersion: '28',
          apiVersion: '1.44',
          source: 'engine-api',
          cpus: 2,
          memoryBytes: 8e9,
        }
      : { host: 'local', runtime: 'docker', since, reachable, reason: 'Refused', message: 'engine stopped' };
  return {
    set(...next) {
      containers = next.map(buildObservation);
    },
    setReachable(next) {
      reachable = next;
      since = clock.now();
    },
    touch: (targetId) => listener?.(targetId),
    runtime: {
      host: 'local',
      start: () => undefined,
      stop: () => Promise.resolve(),
      hosts: () => [status()],
      targets: () => containers.map(({ target }) => target),
      containers: () => containers.map((seen) => ({ ...seen, oomKilled: false })),
      logs: () => Promise.reject(new Error('a host made of values has no logs')),
      links: async () => undefined,
      observe: async (ids, now) =>
        ids.flatMap((id): readonly Observation[] => {
          const found = containers.find(({ target }) => target.id === id);
          if (found === undefined) return [];
          if (reachable) return [{ ...found, at: now }];
          return [
            {
              kind: 'unreachable',
              at: now,
              target: found.target,
              reason: 'HostUnreachable',
              message: 'engine stopped',
              probes: {},
            },
          ];
        }),
      onChange: (next) => {
        listener = next;
      },
    },
  };
}
