/**
 * From a breach to its acceptance by SES, at 1,000 targets with 20 rules each: `node bench/alerting/main.ts`.
 * Runs the pipeline of the controller (look at values, record, judge, alert machine, plan, outbox, MIME, HTTP) against an
 * endpoint on this machine that takes every mail at once. Prints p50 and p99, and evaluations a second next to the same
 * conditions as plain functions.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBook } from '../../controller/src/alert/book.ts';
import { systemClock, type Clock } from '../../controller/src/clock.ts';
import { createCollector } from '../../controller/src/collect/collect.ts';
import type { Runtime } from '../../controller/src/collect/runtime.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { buildObservation, buildPolicy, buildTarget } from '../../controller/src/model/builders.ts';
import type { ContainerObservation } from '../../controller/src/model/observation.ts';
import type { RuleSpec } from '../../controller/src/model/policy.ts';
import { createOutbox } from '../../controller/src/notify/outbox.ts';
import { renderEmail } from '../../controller/src/notify/render/render-email.ts';
import { createSesNotifier } from '../../controller/src/notify/ses.ts';
import { createLedger } from '../../controller/src/pipeline/ledger.ts';
import { createPipeline, type Pipeline } from '../../controller/src/pipeline/pipeline.ts';
import { createProblems } from '../../controller/src/problems.ts';
import { createMemoryHistory } from '../../controller/src/record/history/memory.ts';
import { createLogs } from '../../controller/src/record/logs/logs.ts';
import { createWindows } from '../../controller/src/record/window.ts';
import { conditions, judgePlainly } from './plain.ts';

const TARGETS = 1000;
const RULES = 20;
const ROUNDS = 60;
const WARM_UP_ROUNDS = 10;
/** Simulated: each round is one interval later. */
const INTERVAL_MS = 10_000;

const targets = Array.from({ length: TARGETS }, (_, index) => buildTarget({ name: `c${index}` }));

function observationOf(index: number, cpuPercent: number, at: number): ContainerObservation {
  const target = targets[index] ?? buildTarget();
  return buildObservation({
    target,
    at,
    startedAt: 1,
    resources: { cpuPercent, memoryPercent: 30, memoryBytes: 1e8, cpuCores: 0.4, processes: 9 },
  });
}

/** Containers made of values; one of them can be in breach. */
function createRuntime(state: { breached: number | undefined }): Runtime {
  const byId = new Map(targets.map(({ id }, index) => [id, index]));
  const seen = (index: number, at: number): ContainerObservation =>
    observationOf(index, index === state.breached ? 97 : 20, at);
  return {
    host: 'local',
    start: () => undefined,
    stop: () => Promise.resolve(),
    hosts: () => [
      {
        host: 'local',
        runtime: 'docker',
        since: 0,
        reachable: true,
        engineVersion: '28',
        apiVersion: '1.44',
        source: 'engine-api',
        cpus: 2,
        memoryBytes: 8e9,
      },
    ],
    targets: () => targets,
    containers: () => targets.map((_, index) => ({ ...seen(index, 0), oomKilled: false })),
    links: async () => undefined,
    logs: () => Promise.reject(new Error('values have no logs')),
    observe: async (ids, now) => ids.map((id) => seen(byId.get(id) ?? 0, now)),
    onChange: () => undefined,
  };
}

function twentyRules(): readonly RuleSpec[] {
  return Array.from({ length: RULES }, (_, index): RuleSpec => {
    const expr = conditions[index % conditions.length]?.expr ?? 'up';
    return { name: `rule-${index}`, severity: 'critical', expr, forMs: 0, keepFiringForMs: 0, actions: [] };
  });
}

function ignore(): void {
  return undefined;
}

interface Ses {
  readonly server: Server;
  /** Resolves with the time at which the next mail was taken. */
  next(): Promise<number>;
}

async function startSes(): Promise<Ses> {
  let taken: (at: number) => void = ignore;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      taken(performance.now());
      response.setHeader('content-type', 'text/xml');
      response.end(
        '<SendRawEmailResponse><SendRawEmailResult><MessageId>m</MessageId></SendRawEmailResult></SendRawEmailResponse>',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SES: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  });
  return {
    server,
    next: () =>
      new Promise((resolve) => {
        taken = resolve;
      }),
  };
}

interface Bench {
  readonly pipeline: Pipeline;
  readonly judgedMs: number[];
  close(): void;
}

function createBench(state: { breached: number | undefined }, clock: Clock): Bench {
  const log = createSilentLog();
  const problems = createProblems({ clock, log });
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-bench-'));
  const notifier = createSesNotifier({ region: 'us-east-1', requestTimeoutMs: 5000, clock: systemClock, log });
  const prober = { run: () => Promise.reject(new Error('no probes here')), stop: () => Promise.resolve() };
  const judgedMs: number[] = [];
  const outbox = createOutbox({
    notifier,
    clock: systemClock,
    log,
    readiness: { configured: true, message: '' },
    random: Math.random,
    render: (notification, now) =>
      renderEmail(notification, { now, dashboardUrl: 'http://localhost:8001', timeZone: 'UTC' }),
    onResult: (result) => pipeline.delivered(result),
  });
  const pipeline: Pipeline = createPipeline({
    collector: createCollector({ runtimes: [createRuntime(state)], prober, clock, log }),
    windows: createWindows({ maxAgeMs: 3_600_000, maxPoints: 720 }),
    history: createMemoryHistory({ clock }),
    logs: createLogs({ dir, maxBytes: 100_000_000, keepFiles: 1, problems, log }),
    book: createBook(),
    ledger: createLedger({ save: async () => undefined, remove: async () => undefined }, log),
    outbox,
    problems,
    clock,
    log,
    defaults: { from: 'foghorn@example.org', to: ['ops@example.org'], webhooks: [] },
    alertRetentionMs: 86_400_000,
    seenRunning: [],
    objectName: ({ key }) => key,
    onChange: ignore,
    instruments: {
      ticked: ignore,
      notified: ignore,
      judged: (seconds) => judgedMs.push(seconds * 1000),
      queue: () => ({ added: ignore, retried: ignore, began: () => ignore }),
      called: ignore,
      informer: () => ({ listed: ignore, missed: ignore }),
    },
  });
  pipeline.apply(buildPolicy({ rules: twentyRules(), intervalMs: INTERVAL_MS, notify: quietEnds }));
  return {
    pipeline,
    judgedMs,
    close: () => {
      notifier.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** One mail a breach. */
const quietEnds = { minSeverity: 'info', sendResolved: false, groupWaitMs: 0, groupIntervalMs: 0 } as const;

async function measure(): Promise<void> {
  const ses = await startSes();
  const state: { breached: number | undefined } = { breached: undefined };
  let now = systemClock.now();
  const bench = createBench(state, { now: () => now, sleep: systemClock.sleep });
  const latenciesMs: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round += 1) {
    now += INTERVAL_MS;
    state.breached = round;
    const accepted = ses.next();
    const startedAt = performance.now();
    await bench.pipeline.tick(now);
    latenciesMs.push((await accepted) - startedAt);
  }
  bench.close();
  ses.server.closeAllConnections();
  ses.server.close();
  report(latenciesMs.slice(WARM_UP_ROUNDS), bench.judgedMs.slice(WARM_UP_ROUNDS));
}

function report(latenciesMs: readonly number[], judgedMs: readonly number[]): void {
  const perSecond = (ms: number): number => Math.round((TARGETS * RULES * 1000) / ms);
  const plainMs = percentile(plainRounds(), 0.5);
  const judged = percentile(judgedMs, 0.5);
  console.log(`${TARGETS} targets x ${RULES} rules, ${latenciesMs.length} breaches`);
  console.log(
    `breach looked at -> accepted by SES: p50 ${percentile(latenciesMs, 0.5).toFixed(1)} ms, ` +
      `p99 ${percentile(latenciesMs, 0.99).toFixed(1)} ms (bound: 150 ms, and one interval until it is looked at)`,
  );
  console.log(
    `judged and stepped: p50 ${judged.toFixed(1)} ms, p99 ${percentile(judgedMs, 0.99).toFixed(1)} ms a round, ` +
      `${perSecond(judged).toLocaleString('en')} evaluations/s`,
  );
  console.log(
    `plain functions, conditions alone: p50 ${plainMs.toFixed(2)} ms a round, ` +
      `${perSecond(plainMs).toLocaleString('en')} evaluations/s; ratio ${(judged / plainMs).toFixed(1)}`,
  );
}

/** The least that judging by hand would do: conditions over the same observations, values and verdicts made of them. */
function plainRounds(): readonly number[] {
  const observations = targets.map((_, index) => observationOf(index, index === 7 ? 97 : 20, 1));
  return Array.from({ length: ROUNDS + WARM_UP_ROUNDS }, () => {
    const startedAt = performance.now();
    for (const observation of observations) judgePlainly(observation, RULES);
    return performance.now() - startedAt;
  }).slice(WARM_UP_ROUNDS);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

await measure();
