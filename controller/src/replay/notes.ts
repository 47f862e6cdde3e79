import { formatDuration } from '../model/duration.ts';
import type { Policy } from '../model/policy.ts';
import { recordedProbe } from './rebuild.ts';
import type { RecordedTarget } from './recorded-target.ts';

/** A break this many times longer than usual is a time when nobody looked. */
const GAP_FACTOR = 3;
const COMPOSE_LABEL = 'com.docker.compose.';

/** What the history cannot tell, as far as it bears on this policy. `hasLabels`: the targets have their true labels. */
export function notesOn(policy: Policy, recorded: readonly RecordedTarget[], hasLabels: boolean): readonly string[] {
  const coarsest = Math.max(0, ...recorded.map(({ resolutionMs }) => resolutionMs));
  const gaps = recorded.flatMap(gapsOf);
  return [
    ...(recorded.length === 0 ? ['no target was recorded that the policy selects in this time'] : []),
    ...(hasLabels ? [] : unheldLabels(policy)),
    ...(policy.stopGraceMs > 0
      ? ['stops on request are not recorded: they are taken for outages, without the grace time of stopGrace']
      : []),
    ...probeNotes(policy),
    ...(coarsest > 0
      ? [`older parts are recorded in intervals of ${formatDuration(coarsest)}: means, and down where it was seen down`]
      : []),
    ...(gaps.length > 0 ? [`nothing was recorded ${gaps.length} times, ${formatDuration(longest(gaps))} at most`] : []),
  ];
}

/** Keys of labels that the selector asks for and no sample has. */
export function unheldLabelKeys({ selector }: Policy): readonly string[] {
  const keys = [...Object.keys(selector.matchLabels), ...selector.matchExpressions.map(({ key }) => key)];
  return [...new Set(keys.filter((key) => !key.startsWith(COMPOSE_LABEL)))];
}

function unheldLabels(policy: Policy): readonly string[] {
  const keys = unheldLabelKeys(policy);
  if (keys.length === 0) return [];
  return [`labels other than Compose's are not recorded: selected without ${keys.join(', ')}; name one by --target`];
}

function probeNotes(policy: Policy): readonly string[] {
  const recorded = recordedProbe(policy);
  const others = policy.probes.filter((probe) => probe !== recorded).map(({ name }) => name);
  return [
    ...(recorded === undefined ? [] : [`answers of the first HTTP probe stand for probe ${recorded.name}`]),
    ...(others.length === 0 ? [] : [`not recorded: probe ${others.join(', ')}`]),
  ];
}

function gapsOf({ samples, resolutionMs }: RecordedTarget): readonly number[] {
  const steps = samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? at));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return steps.filter((step) => step > Math.max(usual, resolutionMs) * GAP_FACTOR);
}

function longest(gaps: readonly number[]): number {
  return gaps.reduce((most, gap) => Math.max(most, gap), 0);
}
