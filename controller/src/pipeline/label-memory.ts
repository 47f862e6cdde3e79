import type { AlertTarget } from '../model/alert.ts';
import type { Target } from '../model/target.ts';

/** More containers than one controller is made for; past it the one seen first is forgotten. */
const MAX_REMEMBERED = 120_000;

/** The labels that containers had when they were last there: silences are about those that are missing too. */
export interface LabelMemory {
  remember(target: Target): void;
  labelsOf(target: Pick<AlertTarget, 'host' | 'name'>): Target['labels'];
}

export function createLabelMemory(): LabelMemory {
  const labels = new Map<string, Target['labels']>();
  return {
    remember(target) {
      if (target.instance === '') return;
      labels.set(nameOf(target), target.labels);
      const [oldest] = labels.keys();
      if (labels.size > MAX_REMEMBERED && oldest !== undefined) labels.delete(oldest);
    },
    labelsOf: (target) => labels.get(nameOf(target)) ?? {},
  };
}

/** By name, since a missing container has no other identity. */
function nameOf({ host, name }: Pick<AlertTarget, 'host' | 'name'>): string {
  return `${host}/${name}`;
}
