import type { Clock } from '../../clock.ts';
import type { ProbeResult } from '../../model/observation.ts';
import type { ProbeSpec } from '../../model/policy.ts';
import { withinDeadline } from './deadline.ts';
import { classifyFailure, type ProbeOutcome } from './failure.ts';
import { probeHttp } from './http.ts';
import { probeTcp } from './tcp.ts';

export interface Prober {
  /** Never rejects, and answers within the probe's timeout and {@link ABORT_GRACE_MS}. */
  run(spec: ProbeSpec, signal: AbortSignal): Promise<ProbeResult>;
  /** Idempotent: calls off what is running and waits for it. */
  stop(): Promise<void>;
}

export interface ProberDeps {
  /** Where the connection strings of postgres probes are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

export function createProber({ env, clock }: ProberDeps): Prober {
  const stopping = new AbortController();
  const running = new Set<Promise<ProbeResult>>();

  async function attempt(spec: ProbeSpec, signal: AbortSignal): Promise<ProbeResult> {
    const at = clock.now();
    try {
      const limits = { clock, timeoutMs: spec.timeoutMs, signal: AbortSignal.any([signal, stopping.signal]) };
      const outcome = await withinDeadline(limits, (deadline) => dispatch(spec, env, deadline));
      return { protocol: spec.kind, at, ...outcome };
    } catch (error) {
      return { protocol: spec.kind, at, up: false, error: classifyFailure(error) };
    }
  }

  return {
    run(spec, signal) {
      const result = attempt(spec, signal);
      running.add(result);
      return result.finally(() => running.delete(result));
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function dispatch(spec: ProbeSpec, env: ProberDeps['env'], signal: AbortSignal): Promise<ProbeOutcome> {
  switch (spec.kind) {
    case 'http':
      return probeHttp(spec, signal);
    case 'postgres': {
      // Loaded by the first of them: its client costs a megabyte.
      const { probePostgres } = await import('./postgres.ts');
      return probePostgres(spec, env, signal);
    }
    case 'tcp':
      return probeTcp(spec, signal);
    default:
      return spec satisfies never;
  }
}
