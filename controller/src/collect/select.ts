import type { Policy } from '../model/policy.ts';
import { matchesAnyGlob, matchesSelector } from '../model/selector.ts';
import type { Target } from '../model/target.ts';

type Selection = Pick<Policy, 'selector' | 'namespaces' | 'containerNames' | 'expect'>;

/**
 * Targets that a policy watches, in their order, and after them a missing target (`instance` '') for each expected name
 * that no target of its namespaces has. A missing target stands under `defaultHost`, since nobody knows where it should be.
 */
export function matchTargets(policy: Selection, targets: readonly Target[], defaultHost: string): readonly Target[] {
  const near = targets.filter(({ namespace }) => policy.namespaces?.includes(namespace) ?? true);
  const matched = near.filter(
    (target) => matchesSelector(policy.selector, target.labels) && matchesAnyGlob(policy.containerNames, target.name),
  );
  const names = new Set(near.map((target) => target.name));
  const missing = [...new Set(policy.expect)].filter((name) => !names.has(name));
  return [...matched, ...missing.map((name) => missingTarget(name, defaultHost))];
}

function missingTarget(name: string, host: string): Target {
  return { id: `${host}/${name}`, instance: '', host, name, namespace: '', labels: {}, image: '', limits: {} };
}
