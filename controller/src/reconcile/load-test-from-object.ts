import type { KubeObject } from '../kube/client.ts';
import { parseDuration } from '../model/duration.ts';
import { planDurationMs, type LoadAuthorization, type LoadStage, type LoadTest } from '../model/load-test.ts';
import type { LabelSelector } from '../model/policy.ts';
import type { LoadTestSpec, LoadTestSpecWatch } from '../model/resources.generated.ts';
import { SOURCE_LABEL } from './apply.ts';
import { endpointFault, targetFault, type SpecFault } from './load-test-requests.ts';

/** Asks for another run; any value that was not there before. */
export const RERUN_ANNOTATION = 'foghorn.dev/rerun-requested-at';

/** A load test, or why the object cannot be one. */
export type ParsedLoadTest =
  | { readonly kind: 'loadtest'; readonly test: LoadTest }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

const LEVELS = {
  low: { concurrency: 2, rate: 5 },
  medium: { concurrency: 5, rate: 20 },
  high: { concurrency: 10, rate: 50 },
  extreme: { concurrency: 20, rate: 100 },
} as const;
const DEFAULT_CONCURRENCY = 10;
const DEFAULT_DURATION = '1m';
const MAX_DURATION_MS = 86_400_000;
/** What the generator takes; a rate above it needs more of them. */
const MAX_RATE_PER_GENERATOR = 100_000;
const MAX_RERUN_CHARS = 256;

/** Reads an admitted LoadTest: its spec has been checked against the schema and carries its defaults. */
export function loadTestFromObject(object: KubeObject): ParsedLoadTest {
  const spec = object.spec as LoadTestSpec;
  const fault = findFault(spec);
  if (fault !== undefined) return { kind: 'invalid', ...fault };
  const { level, target } = spec;
  const test: LoadTest = {
    ...identityOf(object),
    url: target.url,
    headers: target.headers ?? {},
    tls: target.tls && { ...target.tls, insecureSkipVerify: target.tls.insecureSkipVerify ?? false },
    authorization: authorizationOf(target),
    timeoutMs: parseDuration(target.timeout) ?? 0,
    endpoints: spec.endpoints.map(({ method, path, weight, headers, body }) => ({
      method,
      path,
      weight,
      headers,
      body,
    })),
    stages: stagesOf(spec),
    concurrency: spec.concurrency ?? (level === undefined ? DEFAULT_CONCURRENCY : LEVELS[level].concurrency),
    parallelism: spec.parallelism,
    thresholds: (spec.thresholds ?? []).map(({ name, expr, abortOnFail, delayAbort }) => ({
      name,
      expr,
      abortOnFail,
      delayAbortMs: parseDuration(delayAbort) ?? 0,
    })),
    watch: spec.watch && selectorOf(spec.watch),
    suspend: spec.suspend,
    ttlMs: ttlOf(object, spec),
  };
  return { kind: 'loadtest', test };
}

function authorizationOf({ basicAuthEnv, bearerEnv }: LoadTestSpec['target']): LoadAuthorization | undefined {
  if (basicAuthEnv !== undefined) return { kind: 'basic', env: basicAuthEnv };
  return bearerEnv === undefined ? undefined : { kind: 'bearer', env: bearerEnv };
}

function identityOf({ metadata }: KubeObject): Pick<LoadTest, 'key' | 'uid' | 'name' | 'rerun' | 'deletedAt'> {
  const { namespace = '', name, uid = '', deletionTimestamp } = metadata;
  return {
    key: `${namespace}/${name}`,
    uid,
    name,
    rerun: metadata.annotations?.[RERUN_ANNOTATION]?.slice(0, MAX_RERUN_CHARS),
    deletedAt: deletionTimestamp === undefined ? undefined : Date.parse(deletionTimestamp),
  };
}

/** What a folder declares would come back at once, and run again: it stays. */
function ttlOf({ metadata }: KubeObject, { ttlSecondsAfterFinished }: LoadTestSpec): number | undefined {
  const isDeclared = metadata.labels?.[SOURCE_LABEL] !== undefined;
  return ttlSecondsAfterFinished === undefined || isDeclared ? undefined : ttlSecondsAfterFinished * 1000;
}

/** What the schema cannot say: bounds of a whole plan, and what the generator does not take. */
export function findFault(spec: LoadTestSpec): SpecFault | undefined {
  return targetFault(spec) ?? endpointFault(spec) ?? planFault(spec);
}

function planFault(spec: LoadTestSpec): SpecFault | undefined {
  const stages = stagesOf(spec);
  if (planDurationMs({ stages }) > MAX_DURATION_MS)
    return { field: 'spec.stages', message: 'last at most 24h together' };
  const share = (rate: number): number => rate / spec.parallelism;
  const fast = stages.findIndex(({ rate }) => share(rate) > MAX_RATE_PER_GENERATOR);
  if (fast >= 0) {
    const message = `is at most ${MAX_RATE_PER_GENERATOR} for each of ${spec.parallelism} generators (parallelism)`;
    return { field: `spec.stages[${fast}].rate`, message };
  }
  // Half a request rounds to one; each generator has one of as many requests in a row.
  if (countRequests(stages) >= spec.parallelism - 0.5) return undefined;
  return {
    field: 'spec',
    message: 'asks each generator for no request: raise a rate or a duration, or lower parallelism',
  };
}

function countRequests(stages: readonly LoadStage[]): number {
  let before = 0;
  let total = 0;
  for (const { rate, durationMs, shape } of stages) {
    total += (((shape === 'constant' ? rate : before) + rate) / 2) * (durationMs / 1000);
    before = rate;
  }
  return total;
}

function stagesOf({ level, duration, stages = [], shape }: LoadTestSpec): readonly LoadStage[] {
  if (level !== undefined) {
    return [
      { durationMs: parseDuration(duration ?? DEFAULT_DURATION) ?? 0, rate: LEVELS[level].rate, shape: 'constant' },
    ];
  }
  const each = shape === 'Constant' ? 'constant' : 'ramp';
  return stages.map((stage) => ({ durationMs: parseDuration(stage.duration) ?? 0, rate: stage.rate, shape: each }));
}

function selectorOf({ matchLabels, matchExpressions }: LoadTestSpecWatch): LabelSelector {
  return {
    matchLabels: matchLabels ?? {},
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      operator,
      values: values ?? [],
    })),
  };
}
