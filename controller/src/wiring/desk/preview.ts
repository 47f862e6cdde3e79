import { setImmediate } from 'node:timers/promises';
import type { Checker } from '../../cli/lint.ts';
import type { Clock } from '../../clock.ts';
import { matchTargets } from '../../collect/select.ts';
import { done, refused, type Outcome } from '../../dashboard/actions.ts';
import type { PolicyPreview, PreviewAnswer } from '../../dashboard/answers/policies.ts';
import type { PolicyDetails } from '../../dashboard/details.ts';
import type { Policy } from '../../model/policy.ts';
import type { Target } from '../../model/target.ts';
import type { StoredHistory } from '../../record/history/stored-history.ts';
import { replayInWorker } from '../../replay/in-worker.ts';
import type { RecordedTarget } from '../../replay/recorded-target.ts';
import type { Replay } from '../../replay/replay-policy.ts';
import { checkText } from './check.ts';

export interface PreviewDeps {
  readonly checker: Checker;
  readonly history: Pick<StoredHistory, 'recorded'>;
  readonly targets: () => readonly Target[];
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
const MAX_POLICIES = 5;
/** Of more, those with the first names: what a policy does shows on fifty. */
const MAX_TARGETS = 50;
/** About 50 MB in the thread that replays. */
const MAX_SAMPLES = 200_000;
const MAX_ALERTS = 500;
const MAX_MAILS = 500;

/** What a policy would have said in the last hours; one at a time, for it takes a core. */
export function createPreview(deps: PreviewDeps): PolicyDetails['preview'] {
  let isBusy = false;
  return async (yaml, hours) => {
    const { linted, problems } = checkText(yaml, 'MonitorPolicy', deps.checker);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) return refused('invalid', errors[0]?.message ?? 'it is not valid', errors);
    if (linted.policies.length > MAX_POLICIES) return refused('invalid', `at most ${MAX_POLICIES} policies at a time`);
    if (isBusy) return refused('busy', 'another preview is running; try again in a few seconds');
    isBusy = true;
    try {
      return await previewAll(deps, linted.policies, hours);
    } finally {
      isBusy = false;
    }
  };
}

async function previewAll(
  deps: PreviewDeps,
  policies: readonly Policy[],
  hours: number,
): Promise<Outcome<PreviewAnswer>> {
  const to = deps.clock.now();
  const from = to - Math.round(hours * HOUR_MS);
  const replays: PolicyPreview[] = [];
  for (const policy of policies) {
    const matched = matchTargets({ ...policy, expect: [] }, deps.targets(), '');
    const input = { policy, fromMs: from, toMs: to, hasLabels: true };
    const targets = (): AsyncGenerator<RecordedTarget> => readTargets(deps, matched, { from, to });
    const result = await replayInWorker({ targets, input, clock: deps.clock });
    if (result.kind === 'failed') return refused('unavailable', `${policy.key}: ${result.message}`);
    replays.push(previewOf(result.replay, matched.length));
  }
  return done({ from, to, replays });
}

async function* readTargets(
  { history }: PreviewDeps,
  targets: readonly Target[],
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<RecordedTarget> {
  let samples = 0;
  for (const target of targets.slice(0, MAX_TARGETS)) {
    const series = await history.recorded(target.id, from, to);
    await setImmediate();
    if (series.samples.length === 0) continue;
    samples += series.samples.length;
    if (samples > MAX_SAMPLES) return;
    yield { target, samples: series.samples, resolutionMs: series.resolutionMs };
  }
}

function previewOf(replay: Replay, matched: number): PolicyPreview {
  const { policy, targets, looks, alerts, mails, unknown, notes } = replay;
  const left = matched - targets.length;
  return {
    policy,
    targets,
    looks,
    alerts: alerts
      .slice(-MAX_ALERTS)
      .map(({ rule, target, severity, fired, phases, fromMs, toMs, values, mails: told }) => ({
        rule,
        target,
        severity,
        fired,
        phases: phases.map((phase) => ({ state: phase.state, from: phase.fromMs })),
        from: fromMs,
        to: toMs ?? null,
        values,
        mails: told,
      })),
    alertsLeftOut: Math.max(0, alerts.length - MAX_ALERTS),
    mails: mails.slice(-MAX_MAILS).map(({ at, reason, severity }) => ({ at, reason, severity })),
    mailsLeftOut: Math.max(0, mails.length - MAX_MAILS),
    unknown,
    notes: left > 0 ? [...notes, `${left} of ${matched} containers are left out: not recorded, or too many`] : notes,
  };
}
