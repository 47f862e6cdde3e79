/** Watches the own process: event loop and processor. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { SATURATED_UTILIZATION, type SelfUse } from './saturation.ts';

export interface SelfWatch {
  /** Looks at the second that has passed; called once a second or more often. */
  sample(): void;
  /** Stops watching. @returns what was seen since the creation */
  end(): SelfUse;
}

/** How often the event loop is probed; the monitor's values contain it. */
const PROBE_MS = 10;
/** Samples are of about a second, whoever asks more often; what is left at the end counts from half a second on. */
const SAMPLE_MS = 900;
const MIN_LAST_SAMPLE_MS = 500;

export function createSelfWatch(): SelfWatch {
  const delay = monitorEventLoopDelay({ resolution: PROBE_MS });
  delay.enable();
  const began = look();
  let before = began;
  let [seconds, saturatedSeconds, maxCpu] = [0, 0, 0];

  const sampleFrom = (leastMs: number): void => {
    const now = look();
    if (now.atMs - before.atMs < leastMs) return;
    seconds += 1;
    if (performance.eventLoopUtilization(now.loop, before.loop).utilization >= SATURATED_UTILIZATION) {
      saturatedSeconds += 1;
    }
    maxCpu = Math.max(maxCpu, coresBetween(before, now));
    before = now;
  };

  return {
    sample: () => sampleFrom(SAMPLE_MS),
    end: () => {
      sampleFrom(MIN_LAST_SAMPLE_MS);
      delay.disable();
      const meanCpu = coresBetween(began, look());
      const beyondProbe = (nanoseconds: number): number => round(Math.max(nanoseconds / 1e6 - PROBE_MS, 0) / 1_000);
      return {
        eventLoopDelaySeconds: {
          p50: beyondProbe(delay.percentile(50)),
          p99: beyondProbe(delay.percentile(99)),
          max: beyondProbe(delay.max),
        },
        cpu: { mean: round(meanCpu), max: round(Math.max(maxCpu, meanCpu)) },
        seconds,
        saturatedSeconds,
      };
    },
  };
}

interface Look {
  readonly atMs: number;
  readonly cpuMicroseconds: number;
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>;
}

function look(): Look {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), cpuMicroseconds: user + system, loop: performance.eventLoopUtilization() };
}

function coresBetween(from: Look, to: Look): number {
  const elapsedMs = to.atMs - from.atMs;
  return elapsedMs > 0 ? (to.cpuMicroseconds - from.cpuMicroseconds) / 1_000 / elapsedMs : 0;
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
