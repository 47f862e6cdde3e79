import type { MetricName, Sample } from '../model/metrics.ts';
import type { Change, ContainerObservation, Observation, ProbeResult } from '../model/observation.ts';
import type { HttpProbeSpec, Policy } from '../model/policy.ts';
import type { RecordedTarget } from './recorded-target.ts';

/** Variables of rules that no sample holds, whatever an observation made of one says of them. */
export const notRecorded: ReadonlySet<string> = new Set([
  'state',
  'health',
  'uptime',
  'exitCode',
  'memoryLimitBytes',
  'crashed',
  'oomKilled',
  'deployed',
  'configured',
  'loadtest',
]);

/** One look at a target, made of what was recorded of it. */
export interface RebuiltLook {
  readonly at: number;
  readonly observation: Observation;
}

/**
 * The looks that the policy would have had: one for each interval, and one wherever `up` changed. A sample without `up`
 * is one of a target that could not be looked at.
 */
export function rebuildLooks({ target, samples }: RecordedTarget, policy: Policy): readonly RebuiltLook[] {
  const probe = recordedProbe(policy);
  const hadProbe = probe !== undefined && samples.some(({ values }) => values.httpStatus !== undefined);
  const looks: RebuiltLook[] = [];
  let before: Sample | undefined;
  let startedAt: number | undefined;
  for (const sample of watched(samples, policy.expect.includes(target.name))) {
    const changes = changesBetween(before, sample);
    if (changes.length > 0) startedAt = sample.at;
    const isRound = before === undefined || roundOf(sample, policy) > roundOf(before, policy);
    if (isRound || sample.values.up !== before?.values.up || changes.length > 0) {
      const probes = hadProbe ? { [probe.name]: probeResult(sample, probe) } : {};
      looks.push({ at: sample.at, observation: { ...observe(sample, { startedAt, changes }), target, probes } });
    }
    before = sample;
  }
  return looks;
}

/** What had ended before anybody looked is nobody's outage, unless the policy expects it. */
function watched(samples: readonly Sample[], isExpected: boolean): readonly Sample[] {
  const first = samples.findIndex(({ values }) => values.up !== 0);
  if (isExpected) return samples;
  return first < 0 ? [] : samples.slice(first);
}

/** The probe whose answers were recorded: the first one by HTTP, as samples have it. */
export function recordedProbe({ probes }: Policy): HttpProbeSpec | undefined {
  return probes.filter(({ kind }) => kind === 'http').toSorted((a, b) => (a.name < b.name ? -1 : 1))[0] as
    | HttpProbeSpec
    | undefined;
}

function roundOf({ at }: Sample, { intervalMs }: Policy): number {
  return Math.floor(at / intervalMs);
}

/** It runs again, or its restart policy has restarted it; why it ended was not recorded. */
function changesBetween(before: Sample | undefined, { at, values }: Sample): readonly Change[] {
  const began = before?.values.up === 0 && values.up === 1;
  const counted = (values.restarts ?? 0) > (before?.values.restarts ?? Number.POSITIVE_INFINITY);
  return began || counted ? [{ kind: 'restarted', at }] : [];
}

type WithoutTarget<T> = T extends unknown ? Omit<T, 'target' | 'probes'> : never;

function observe(
  { at, values }: Sample,
  { startedAt, changes }: Pick<ContainerObservation, 'startedAt' | 'changes'>,
): WithoutTarget<Observation> {
  if (values.up === undefined) {
    return { kind: 'unreachable', at, reason: 'BadAnswer', message: 'it was not seen at that time' };
  }
  const read = (metric: MetricName): number | undefined => values[metric];
  return {
    kind: 'observed',
    at,
    state: values.up >= 1 ? 'running' : 'exited',
    health: 'none',
    startedAt,
    restarts: values.restarts ?? 0,
    changes,
    note: 'not recorded',
    resources: {
      cpuPercent: read('cpu'),
      cpuCores: read('cpuCores'),
      memoryPercent: read('memory'),
      memoryBytes: read('memoryBytes'),
      networkReceiveRate: read('networkReceiveRate'),
      networkTransmitRate: read('networkTransmitRate'),
      diskReadRate: read('diskReadRate'),
      diskWriteRate: read('diskWriteRate'),
      processes: read('processes'),
    },
  };
}

/** No answer was recorded: the probe got none. */
function probeResult({ at, values }: Sample, { expectedStatus }: HttpProbeSpec): ProbeResult {
  const { httpStatus: status, latency } = values;
  if (status === undefined) {
    return { protocol: 'http', at, up: false, error: { kind: 'network', message: 'no answer was recorded' } };
  }
  const latencyMs = latency === undefined ? undefined : latency * 1000;
  return { protocol: 'http', at, up: expectedStatus.includes(status), status, latencyMs };
}
