import type { Target } from '../../model/target.ts';
import { labelValueFaults, qualifiedNameFaults } from '../names.ts';

/** Docker bounds neither; what is shown of them is. */
const MAX_LABELS = 128;
const MAX_ANNOTATIONS = 128;
const MAX_ANNOTATION_CHARACTERS = 4096;
/** Who this is for the rest of Foghorn: the name in alerts, logs and the page. */
export const TARGET_ANNOTATION = 'foghorn.dev/target';

export interface PodLabels {
  /** Absent without any, as an API server leaves empty ones out. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Docker's labels, divided as Kubernetes has it: what can be selected by, and the rest as annotations. A key that
 * neither allows is left out.
 */
export function podLabels({ id, labels }: Pick<Target, 'id' | 'labels'>): PodLabels {
  const named = Object.entries(labels).filter(([key]) => qualifiedNameFaults(key).length === 0);
  const [selectable, others] = [named.filter(isLabel), named.filter((entry) => !isLabel(entry))];
  const annotations = others
    .slice(0, MAX_ANNOTATIONS)
    .map(([key, value]) => [key, value.slice(0, MAX_ANNOTATION_CHARACTERS)] as const);
  return {
    ...(selectable.length === 0 ? {} : { labels: Object.fromEntries(selectable.slice(0, MAX_LABELS)) }),
    annotations: Object.fromEntries([...annotations, [TARGET_ANNOTATION, id]]),
  };
}

function isLabel([, value]: readonly [string, string]): boolean {
  return labelValueFaults(value).length === 0;
}
