import { boundsOf } from '../evaluate/bounds.ts';
import { evaluatePolicy } from '../evaluate/evaluate.ts';
import type { LoadReader } from '../model/load-test.ts';
import type { Policy } from '../model/policy.ts';
import type { RuleTally, Standing } from '../model/standing.ts';
import type { Windows } from '../record/window.ts';
import type { PolicyRun } from './policy-run.ts';
import type { Runs } from './runs.ts';
import type { Sightings } from './sightings.ts';

export interface StandingDeps {
  readonly runs: Runs;
  readonly sightings: Sightings;
  readonly windows: Windows;
  readonly loads?: LoadReader | undefined;
}

/** How things stand by the rules, for people who ask; nothing of it is kept, since it follows from the last look. */
export interface Standings {
  /** Of one target, by each policy that watches it. */
  of(targetId: string): readonly Standing[];
  /** Of the targets of a policy, by each of its rules. */
  tally(policyKey: string): readonly RuleTally[];
  /** Lines that the rules of a policy draw for a metric alone. */
  bounds(policyKey: string): Standing['bounds'];
  /** The policies in force. */
  policies(): readonly Policy[];
}

export function createStandings(deps: StandingDeps): Standings {
  const { runs, sightings } = deps;
  const bounds = new WeakMap<Policy, Standing['bounds']>();

  function boundsFor(policy: Policy): Standing['bounds'] {
    const known = bounds.get(policy) ?? boundsOf(policy);
    bounds.set(policy, known);
    return known;
  }

  return {
    of: (targetId) =>
      sightings.policiesOf(targetId).flatMap((key) => {
        const run = runs.get(key);
        if (run === undefined) return [];
        const { policy, compiled } = run;
        const judgedAt = run.evaluatedAt.get(targetId);
        return [
          {
            policy,
            judgedAt,
            verdicts: judge(deps, run, targetId),
            invalid: compiled.invalid,
            bounds: boundsFor(policy),
          },
        ];
      }),
    tally(policyKey) {
      const run = runs.get(policyKey);
      if (run === undefined) return [];
      const unknown = Map.groupBy([...run.unknownByTarget.values()].flat(), (rule) => rule);
      const rules = new Set(run.policy.rules.map(({ name }) => name));
      return [...rules].map((rule) => ({ rule, unknown: unknown.get(rule)?.length ?? 0 }));
    },
    bounds(policyKey) {
      const run = runs.get(policyKey);
      return run === undefined ? [] : boundsFor(run.policy);
    },
    policies: () => runs.list().map(({ policy }) => policy),
  };
}

/** As the last round judged it; what happened before that look is no news any more. */
function judge(
  { sightings, windows, loads }: StandingDeps,
  { compiled, evaluatedAt, appliedAt }: PolicyRun,
  targetId: string,
): Standing['verdicts'] {
  const observation = sightings.latest(targetId);
  if (observation === undefined) return [];
  return evaluatePolicy(compiled, {
    observation,
    previousAt: evaluatedAt.get(targetId) ?? appliedAt,
    recent: windows.recent(targetId),
    loadtest: loads?.on(targetId),
    now: observation.at,
  });
}
