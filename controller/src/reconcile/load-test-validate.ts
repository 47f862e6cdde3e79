import type { FieldError } from '../kube/status.ts';
import type { LoadTestSpec } from '../model/resources.generated.ts';
import { checkThreshold } from '../evaluate/threshold.ts';
import { findFault } from './load-test-from-object.ts';

/** What is wrong with a schedule, for people. */
export type CheckSchedule = (schedule: {
  readonly pattern: string;
  readonly timeZone?: string | undefined;
}) => string | undefined;

/** Admission of a LoadTest beyond its schema: thresholds must type-check, the schedule must come, the plan must be possible. */
export function createLoadTestValidator(
  checkSchedule: CheckSchedule,
): (object: { readonly spec?: unknown }) => readonly FieldError[] {
  return ({ spec: checked }) => {
    // The schema has been checked before.
    const spec = checked as LoadTestSpec;
    const fault = findFault(spec);
    return [
      ...thresholdErrors(spec),
      ...scheduleErrors(spec, checkSchedule),
      ...(fault === undefined ? [] : [invalid(fault.field, fault.message)]),
    ];
  };
}

function thresholdErrors({ thresholds = [] }: LoadTestSpec): readonly FieldError[] {
  return thresholds.flatMap(({ expr }, index) => {
    const fault = checkThreshold(expr);
    return fault === undefined ? [] : [invalid(`spec.thresholds[${index}].expr`, fault)];
  });
}

function scheduleErrors({ schedule, timeZone }: LoadTestSpec, checkSchedule: CheckSchedule): readonly FieldError[] {
  if (schedule === undefined) return [];
  const fault = checkSchedule({ pattern: schedule, timeZone });
  return fault === undefined ? [] : [invalid('spec.schedule', fault)];
}

function invalid(field: string, message: string): FieldError {
  return { type: 'Invalid', field, message };
}
