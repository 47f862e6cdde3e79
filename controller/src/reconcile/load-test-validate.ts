import type { FieldError } from '../kube/status.ts';
import type { LoadTestSpec } from '../model/resources.generated.ts';
import { checkThreshold } from '../evaluate/threshold.ts';
import { scheduleFault } from './load-test-cron.ts';
import { findFault } from './load-test-from-object.ts';

/** Admission of a LoadTest beyond its schema: thresholds must type-check, the schedule must come, the plan must be possible. */
export function validateLoadTest(object: { readonly spec?: unknown }): readonly FieldError[] {
  // The schema has been checked before.
  const spec = object.spec as LoadTestSpec;
  const fault = findFault(spec);
  const faults = fault === undefined ? [] : [invalid(fault.field, fault.message)];
  return [...thresholdErrors(spec), ...scheduleErrors(spec), ...faults];
}

function thresholdErrors({ thresholds = [] }: LoadTestSpec): readonly FieldError[] {
  return thresholds.flatMap(({ expr }, index) => {
    const fault = checkThreshold(expr);
    return fault === undefined ? [] : [invalid(`spec.thresholds[${index}].expr`, fault)];
  });
}

function scheduleErrors({ schedule, timeZone }: LoadTestSpec): readonly FieldError[] {
  if (schedule === undefined) return [];
  const fault = scheduleFault({ pattern: schedule, timeZone });
  return fault === undefined ? [] : [invalid('spec.schedule', fault)];
}

function invalid(field: string, message: string): FieldError {
  return { type: 'Invalid', field, message };
}
