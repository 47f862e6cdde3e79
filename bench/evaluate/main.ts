/**
 * What judging rules costs, next to the same conditions written as plain functions: `node bench/evaluate/main.ts`.
 * Prints evaluations a second, nanoseconds for one, and the ratio.
 */
import { createBook } from '../../controller/src/alert/book.ts';
import { compilePolicy, type CompiledPolicy } from '../../controller/src/evaluate/compile.ts';
import { evaluatePolicy } from '../../controller/src/evaluate/evaluate.ts';
import { createEnvironment } from '../../controller/src/evaluate/environment.ts';
import { compileExpression } from '../../controller/src/evaluate/expression.ts';
import { variablesOf } from '../../controller/src/evaluate/facts.ts';
import { buildObservation, buildPolicy, buildTarget } from '../../controller/src/model/builders.ts';
import type { ContainerObservation } from '../../controller/src/model/observation.ts';
import type { RuleSpec } from '../../controller/src/model/policy.ts';
import { measureBuiltIn } from './built-in.ts';

const RUN_MS = 1000;
const TARGETS = 1000;
const RULES = 20;
const noSamples = { since: () => [] };

const observation = buildObservation({
  at: 1_000_000,
  startedAt: 0,
  resources: { cpuPercent: 42, memoryPercent: 30, memoryBytes: 1e8, processes: 9 },
  probes: { http: { protocol: 'http', at: 1_000_000, up: true, status: 200, latencyMs: 12 } },
});

type Condition = (seen: ContainerObservation) => boolean;
const conditions: readonly (readonly [expr: string, plain: Condition])[] = [
  ['cpu > 80', ({ resources }) => (resources.cpuPercent ?? 0) > 80],
  ['!up', ({ state }) => state !== 'running'],
  [
    'cpu > 60 && memory > 90',
    ({ resources }) => (resources.cpuPercent ?? 0) > 60 && (resources.memoryPercent ?? 0) > 90,
  ],
  [
    'probes.http.status >= 500 || !probes.http.up',
    ({ probes }) => (probes['http']?.status ?? 0) >= 500 || probes['http']?.up !== true,
  ],
];

/** Nanoseconds for one call. */
function measure(call: () => unknown): number {
  let kept: unknown;
  for (let warmUp = 0; warmUp < 20_000; warmUp += 1) kept = call();
  const startedAt = performance.now();
  let calls = 0;
  while (performance.now() - startedAt < RUN_MS) {
    for (let batch = 0; batch < 1000; batch += 1) kept = call();
    calls += 1000;
  }
  if (kept === undefined) throw new Error('nothing was computed');
  return ((performance.now() - startedAt) * 1e6) / calls;
}

function compareExpressions(): void {
  const environment = createEnvironment([{ name: 'http' }]);
  const evidence = { observation, previousAt: 0, recent: noSamples, stopGraceMs: 15_000, now: 1_000_000 };
  const variables = variablesOf(evidence);
  for (const [expr, plain] of conditions) {
    const expression = compileExpression(expr, environment);
    if ('offset' in expression) throw new Error(expression.message);
    const celNs = measure(() => expression.evaluate(variables));
    const plainNs = measure(() => plain(observation));
    console.log(`${expr.padEnd(46)} ${row(celNs)}  ${(celNs / plainNs).toFixed(1)} x plain (${plainNs.toFixed(1)} ns)`);
  }
  console.log(`${'variables of one observation'.padEnd(46)} ${row(measure(() => variablesOf(evidence)))}`);
}

function row(ns: number): string {
  return `${Math.round(1e9 / ns)
    .toLocaleString('en')
    .padStart(11)} /s ${ns.toFixed(0).padStart(6)} ns`;
}

function twentyRules(): CompiledPolicy {
  const rules = Array.from({ length: RULES }, (_, index): RuleSpec => {
    const expr = conditions[index % conditions.length]?.[0] ?? 'up';
    return { name: `rule-${index}`, severity: 'warning', expr, forMs: 0, keepFiringForMs: 0, actions: [] };
  });
  const probe = { kind: 'http', url: '', method: 'GET', headers: {}, expectedStatus: [200], timeoutMs: 1 } as const;
  return compilePolicy(buildPolicy({ rules, probes: [{ ...probe, name: 'http' }] }));
}

/** One round of a large site: rules judged, and the alert machine stepped. */
function measureRound(): void {
  const policy = twentyRules();
  const book = createBook();
  const targets = Array.from({ length: TARGETS }, (_, index) => buildTarget({ name: `c${index}` }));
  let now = 1_000_000;
  const round = (): number => {
    now += 10_000;
    const startedAt = performance.now();
    for (const target of targets) {
      const verdicts = evaluatePolicy(policy, {
        observation: { ...observation, target, at: now },
        previousAt: now - 10_000,
        recent: noSamples,
        now,
      });
      book.apply({ key: policy.key, uid: 'u' }, target, verdicts, now);
    }
    return performance.now() - startedAt;
  };
  const times = Array.from({ length: 30 }, round)
    .slice(5)
    .toSorted((a, b) => a - b);
  const medianMs = times[Math.floor(times.length / 2)] ?? 0;
  const perRuleNs = (medianMs * 1e6) / (TARGETS * RULES);
  console.log(
    `\n${TARGETS} targets x ${RULES} rules: ${medianMs.toFixed(1)} ms a round, slowest ${times.at(-1)?.toFixed(1)} ms`,
  );
  console.log(`judged and stepped: ${row(perRuleNs)}`);
}

compareExpressions();
measureRound();
measureBuiltIn();
