import { compilePolicy, type CompiledPolicy } from '../../controller/src/evaluate/compile.ts';
import { defaultPolicies } from '../../controller/src/evaluate/default-policy.ts';
import { evaluatePolicy } from '../../controller/src/evaluate/evaluate.ts';
import { buildObservation, buildPolicy, buildTarget } from '../../controller/src/model/builders.ts';
import type { RuleSpec } from '../../controller/src/model/policy.ts';
import { createWindows } from '../../controller/src/record/window.ts';

const TARGETS = 1000;
const ROUNDS = 60;
const HISTORY_MS = 600_000;
const START = 1_000_000_000;

const [builtIn] = defaultPolicies({
  cpuThreshold: 80,
  memoryThreshold: 60,
  cooldownMs: 300_000,
  intervalMs: 30_000,
  hasDatabase: false,
});
const rules = ((builtIn?.spec['rules'] ?? []) as readonly Pick<RuleSpec, 'name' | 'severity' | 'expr'>[]).map(
  (rule): RuleSpec => ({ forMs: 0, keepFiringForMs: 0, actions: [], ...rule }),
);

/** The built-in policy about a calm container with ten minutes of samples, next to the same without its rules over time. */
export function measureBuiltIn(): void {
  const whole = compilePolicy(buildPolicy({ rules }));
  const momentary = compilePolicy(buildPolicy({ rules: rules.filter(({ expr }) => !expr.includes('Over(')) }));
  console.log();
  for (const intervalMs of [30_000, 5000]) {
    const round = createRound(intervalMs);
    const times = Array.from({ length: ROUNDS }, () => [round(whole), round(momentary)] as const);
    const [wholeUs, momentaryUs] = [median(times.map(([us]) => us)), median(times.map(([, us]) => us))];
    console.log(
      `built-in policy, interval ${intervalMs / 1000} s: ${wholeUs.toFixed(1)} us a target, ` +
        `${(wholeUs / momentaryUs).toFixed(1)} x without its rules over time (${momentaryUs.toFixed(1)} us)`,
    );
  }
}

/** Microseconds of one target in a round. */
function createRound(intervalMs: number): (policy: CompiledPolicy) => number {
  const windows = createWindows({ maxAgeMs: 2 * HISTORY_MS, maxPoints: 1000 });
  const targets = Array.from({ length: TARGETS }, (_, index) => buildTarget({ name: `c${index}` }));
  const now = START + HISTORY_MS;
  for (let at = START; at <= now; at += intervalMs) {
    for (const { id } of targets) windows.append({ targetId: id, at, values: { cpu: 10, memory: 30, restarts: 0 } });
  }
  const resources = { cpuPercent: 42, memoryPercent: 30, memoryBytes: 1e8, processes: 9 };
  const seen = targets.map((target) => buildObservation({ at: now, target, startedAt: 0, resources }));
  return (policy) => {
    const startedAt = performance.now();
    for (const observation of seen) {
      evaluatePolicy(policy, {
        observation,
        previousAt: now - intervalMs,
        recent: windows.recent(observation.target.id),
        now,
      });
    }
    return ((performance.now() - startedAt) * 1000) / TARGETS;
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
