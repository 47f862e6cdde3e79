/** Whether the generator itself shaped the numbers: a load generator that is its own bottleneck measures itself, and must say so. */

/** What a generator saw of its own process while it ran. */
export interface SelfUse {
  /** How long its event loop stood still beyond a timer's time, in seconds. */
  readonly eventLoopDelaySeconds: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Processor time in cores: over the run, and in its busiest second. */
  readonly cpu: { readonly mean: number; readonly max: number };
  /** Seconds looked at, and those of them in which its event loop had hardly a pause. */
  readonly seconds: number;
  readonly saturatedSeconds: number;
}

export interface GeneratorHealth extends SelfUse {
  /** False: the times are at least in part those of the generator. */
  readonly reliable: boolean;
  /** Why not, for people. */
  readonly reasons: readonly string[];
}

export interface SaturationFacts {
  readonly self: SelfUse;
  /** 99th percentile of how late requests with a free connection were sent. */
  readonly startLagP99Seconds: number;
  /** Requests for which its machine could open no connection. */
  readonly localFailures: number;
  /** Requests a second. */
  readonly plannedRate: number;
  readonly sentRate: number;
}

/** A timer wakes within a few milliseconds, even on a busy machine; further behind, latencies are the generator's. */
const MAX_START_LAG_SECONDS = 0.02;
const MAX_LOOP_DELAY_SECONDS = 0.05;
/** Some seconds may be full: compiling at the start, a burst. */
const MAX_SATURATED_SHARE = 0.05;
const MIN_SATURATED_SECONDS = 2;
/** Less than this part of what was planned has been sent. */
const MIN_SENT_SHARE = 0.99;
/** A second of the event loop that is busier has no room for another request. */
export const SATURATED_UTILIZATION = 0.95;
/** Of many generators: more is no news. */
const MAX_REASONS = 20;

export function judgeGenerator(facts: SaturationFacts): GeneratorHealth {
  const { self, startLagP99Seconds, localFailures, plannedRate, sentRate } = facts;
  const { p99 } = self.eventLoopDelaySeconds;
  const isSaturated =
    self.saturatedSeconds >= Math.min(MIN_SATURATED_SECONDS, self.seconds) &&
    self.saturatedSeconds > self.seconds * MAX_SATURATED_SHARE;
  const isBehind = sentRate < plannedRate * MIN_SENT_SHARE;
  const shortfall = isBehind ? `, and sent ${sentRate.toFixed(0)} of ${plannedRate.toFixed(0)} requests/s` : '';
  const reasons = [
    ...(localFailures > 0
      ? [`its machine had no file descriptors, ports or memory for ${localFailures} connections (see ulimit -n)`]
      : []),
    ...(startLagP99Seconds > MAX_START_LAG_SECONDS
      ? [`requests with a free connection went out ${milliseconds(startLagP99Seconds)} after they were due (p99)`]
      : []),
    ...(p99 > MAX_LOOP_DELAY_SECONDS ? [`its event loop stood still for ${milliseconds(p99)} at a time (p99)`] : []),
    ...(isSaturated
      ? [`it was busy without a pause in ${self.saturatedSeconds} of ${self.seconds} s${shortfall}`]
      : []),
  ];
  return { ...self, reliable: reasons.length === 0, reasons };
}

/** Of several that ran side by side: unreliable if any is; of each measure the worst. */
export function mergeHealth(parts: readonly GeneratorHealth[]): GeneratorHealth {
  const worst = (read: (part: GeneratorHealth) => number): number => Math.max(0, ...parts.map(read));
  return {
    reliable: parts.every(({ reliable }) => reliable),
    reasons: [...new Set(parts.flatMap(({ reasons }) => reasons))].slice(0, MAX_REASONS),
    eventLoopDelaySeconds: {
      p50: worst((part) => part.eventLoopDelaySeconds.p50),
      p99: worst((part) => part.eventLoopDelaySeconds.p99),
      max: worst((part) => part.eventLoopDelaySeconds.max),
    },
    cpu: { mean: worst((part) => part.cpu.mean), max: worst((part) => part.cpu.max) },
    seconds: worst((part) => part.seconds),
    saturatedSeconds: worst((part) => part.saturatedSeconds),
  };
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1_000).toFixed(0)} ms`;
}
