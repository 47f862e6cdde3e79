import type { ContainerView, DashboardView } from './view.ts';

/** What differs between two views; the sections that are the same are left out. */
export interface ViewChange {
  readonly at: number;
  readonly containers?: readonly ContainerView[];
  readonly removed?: readonly string[];
  readonly hosts?: DashboardView['hosts'];
  readonly alerts?: DashboardView['alerts'];
  readonly policies?: DashboardView['policies'];
  readonly loadTests?: DashboardView['loadTests'];
  readonly problems?: DashboardView['problems'];
  readonly email?: DashboardView['email'];
  readonly metricsLines?: readonly string[];
  readonly statusLines?: readonly string[];
}

const sections = [
  'hosts',
  'alerts',
  'policies',
  'loadTests',
  'problems',
  'email',
  'metricsLines',
  'statusLines',
] as const;

/** Undefined when nothing differs, so that a quiet system sends nothing. */
export function viewChange(before: DashboardView, after: DashboardView): ViewChange | undefined {
  const known = new Map(before.containers.map((container) => [container.id, JSON.stringify(container)]));
  const containers = after.containers.filter((container) => known.get(container.id) !== JSON.stringify(container));
  const present = new Set(after.containers.map(({ id }) => id));
  const removed = before.containers.map(({ id }) => id).filter((id) => !present.has(id));
  const changed = sections.filter((section) => JSON.stringify(before[section]) !== JSON.stringify(after[section]));
  if (containers.length + removed.length + changed.length === 0) return undefined;
  return {
    at: after.at,
    ...(containers.length > 0 && { containers }),
    ...(removed.length > 0 && { removed }),
    ...Object.fromEntries(changed.map((section) => [section, after[section]])),
  };
}
