import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Observation, UnreachableReason } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import type { Runtime } from './runtime.ts';

/** Backstop for a runtime that outlasts its own, shorter deadline. */
export const LOOK_DEADLINE_MS = 15_000;

/** Rounds overlap when a host is slow; more looks than this at one host are not begun, so that they cannot pile up. */
export const MAX_LOOKS_PER_HOST = 3;

/** Looks at targets of one host. Never rejects, answers within {@link LOOK_DEADLINE_MS}, in the order of the targets. */
export type Looker = (targets: readonly Target[], now: number) => Promise<readonly Observation[]>;

export interface LookerDeps {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
}

export function createLooker({ runtime, clock, log }: LookerDeps): Looker {
  let running = 0;
  let loggedFault = '';

  async function observe(ids: readonly string[], now: number): Promise<readonly Observation[]> {
    running += 1;
    try {
      return await runtime.observe(ids, now);
    } finally {
      running -= 1;
    }
  }

  /** A runtime that keeps its promise has no faults: each is said once in the log, until a look succeeds. */
  function report(fault: string): void {
    if (fault !== '' && fault !== loggedFault) log.error({ host: runtime.host, fault }, 'looking at a host failed');
    loggedFault = fault;
  }

  return async (targets, now) => {
    if (running >= MAX_LOOKS_PER_HOST) {
      return unreachable(targets, now, ['Timeout', `${running} earlier looks at host ${runtime.host} have not ended`]);
    }
    const ids = targets.map((target) => target.id);
    const ended = new AbortController();
    try {
      const seen = await Promise.race([observe(ids, now), expire(clock, ended.signal)]);
      if (seen === undefined) {
        report('no answer in time');
        return unreachable(targets, now, ['Timeout', `host ${runtime.host} gave no answer in ${LOOK_DEADLINE_MS} ms`]);
      }
      report('');
      const absent = [`BadAnswer`, `host ${runtime.host} said nothing about this container`] as const;
      return targets.flatMap((target, index) => seen[index] ?? unreachable([target], now, absent));
    } catch (error) {
      report(errorMessage(error));
      return unreachable(targets, now, ['BadAnswer', `looking at host ${runtime.host} failed: ${errorMessage(error)}`]);
    } finally {
      ended.abort();
    }
  };
}

async function expire(clock: Clock, ended: AbortSignal): Promise<undefined> {
  await clock.sleep(LOOK_DEADLINE_MS, ended);
}

function unreachable(
  targets: readonly Target[],
  now: number,
  [reason, message]: readonly [UnreachableReason, string],
): readonly Observation[] {
  return targets.map((target) => ({ kind: 'unreachable', at: now, target, reason, message, probes: {} }));
}
