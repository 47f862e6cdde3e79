import type { Clock } from '../../clock.ts';
import type { Sample } from '../../model/metrics.ts';
import type { History, HistoryRequest, HistorySeries } from './history.ts';
import { mergeInto, summaryOf, type Summary } from './summary.ts';
import { defaultTiers, planQuery, startOfInterval, toPoints, type Tiers } from './tiers.ts';

export interface MemoryHistoryOptions {
  readonly clock: Clock;
  readonly tiers?: Tiers;
  /** Samples kept of each target; the oldest go first. Default {@link MAX_SAMPLES}. */
  readonly maxSamples?: number;
}

/** Two hours at 10 s. */
const MAX_SAMPLES = 720;

/** Past this many targets the one that was longest without a sample is forgotten. */
const MAX_TARGETS = 1000;

/** History that ends with the process: for tests, and where no file is wanted. */
export function createMemoryHistory(options: MemoryHistoryOptions): History {
  const { clock, tiers = defaultTiers, maxSamples = MAX_SAMPLES } = options;
  const targets = new Map<string, Sample[]>();
  return {
    append(samples) {
      for (const sample of samples) {
        const kept = targets.get(sample.targetId) ?? [];
        targets.delete(sample.targetId);
        targets.set(sample.targetId, kept);
        addSample(kept, sample, maxSamples);
      }
      while (targets.size > MAX_TARGETS) targets.delete(targets.keys().next().value ?? '');
    },
    query: async (request) => querySamples(targets.get(request.targetId) ?? [], request, tiers, clock.now()),
    seenRunning: async (sinceMs) =>
      [...targets]
        .filter(([, samples]) => samples.some(({ at, values }) => at >= sinceMs && values.up === 1))
        .map(([targetId]) => targetId)
        .sort(),
    close: async () => undefined,
  };
}

/** In order of time; two looks at the same time are one sample. */
function addSample(samples: Sample[], sample: Sample, maxSamples: number): void {
  let place = samples.length;
  while ((samples[place - 1]?.at ?? -Infinity) > sample.at) place -= 1;
  const same = samples[place - 1];
  if (same?.at === sample.at) samples[place - 1] = { ...same, values: { ...same.values, ...sample.values } };
  else samples.splice(place, 0, sample);
  if (samples.length > maxSamples) samples.shift();
}

async function querySamples(
  samples: readonly Sample[],
  request: HistoryRequest,
  tiers: Tiers,
  nowMs: number,
): Promise<HistorySeries> {
  const between = (fromMs: number, toMs: number): readonly Sample[] =>
    samples.filter(({ at }) => at >= fromMs && at <= toMs);
  const plan = await planQuery(tiers, request, nowMs, (fromMs, toMs) => between(fromMs, toMs).length);
  const summaries = new Map<number, Summary>();
  for (const { at, values } of between(plan.fromMs, plan.toMs)) {
    const value = values[request.metric];
    if (value === undefined) continue;
    mergeInto(summaries, plan.widthMs === 0 ? at : startOfInterval(at, plan.widthMs), summaryOf(value));
  }
  return { resolutionMs: plan.widthMs, points: toPoints(summaries, request.maxPoints) };
}
