import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';
import type { ProbeResult } from '../model/observation.ts';
import type { ProbeSpec } from '../model/policy.ts';
import type { Prober } from './probes/probe.ts';

/** Probes that run at a time: each holds a socket, and most wait for the network. */
export const PROBE_CONCURRENCY = 64;

/** A probe that got no turn by then is not run in this round, so that hanging ones delay the rest no longer. */
export const PROBE_QUEUE_MS = 5000;

export type ProbeResults = Readonly<Record<string, ProbeResult>>;

/** Runs probes of a policy, by name. Answers within {@link PROBE_QUEUE_MS} and the longest of their timeouts. */
export type ProbeQueue = (probes: readonly ProbeSpec[], signal: AbortSignal) => Promise<ProbeResults>;

/** One queue for the probes of all policies. */
export function createProbeQueue({ prober, clock }: { readonly prober: Prober; readonly clock: Clock }): ProbeQueue {
  const limit = pLimit(PROBE_CONCURRENCY);

  async function run(spec: ProbeSpec, signal: AbortSignal): Promise<ProbeResult> {
    let isLate = false;
    const begun = new AbortController();
    const queued = limit(() => {
      begun.abort();
      return isLate ? notRun(spec, clock.now()) : prober.run(spec, signal);
    });
    const late = clock.sleep(PROBE_QUEUE_MS, begun.signal).then(
      () => {
        isLate = true;
        return notRun(spec, clock.now());
      },
      () => queued,
    );
    return Promise.race([queued, late]);
  }

  return async (probes, signal) =>
    Object.fromEntries(await Promise.all(probes.map(async (spec) => [spec.name, await run(spec, signal)] as const)));
}

function notRun(spec: ProbeSpec, now: number): ProbeResult {
  const message = `not run: ${PROBE_CONCURRENCY} other probes have been waiting for answers for ${PROBE_QUEUE_MS} ms`;
  return { protocol: spec.kind, at: now, up: false, error: { kind: 'network', message } };
}
