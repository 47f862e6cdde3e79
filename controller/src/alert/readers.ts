import type { NotifySpec } from '../model/policy.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';

/**
 * Who is told of an alert of this severity: the recipients of the policy (else of the controller), and of its routes. Each
 * severity reaches all whom a lesser one reaches, so that an end which is told as the worst that was told finds them all.
 */
export function readersOf(notify: NotifySpec, defaultTo: readonly string[], severity: Severity): readonly string[] {
  const routed = (notify.routes ?? []).filter(({ minSeverity }) => compareSeverity(severity, minSeverity) >= 0);
  return [...new Set([...(notify.to ?? defaultTo), ...routed.flatMap(({ to }) => to)])];
}
