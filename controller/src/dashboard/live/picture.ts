import type { Alert } from '../../model/alert.ts';
import type { Snapshot, TargetSnapshot } from '../../model/snapshot.ts';
import type { LiveAlert, LiveSections } from '../answers/live.ts';
import type { DashboardReader } from '../reader.ts';
import { sortedAlerts } from '../view.ts';
import { readings, steadyRow } from './row.ts';

/** What is shown, as JSON texts: each is made once, compared with the one before, and sent to all. */
export interface Picture {
  readonly at: number;
  readonly rows: ReadonlyMap<string, RowText>;
  readonly sections: Readonly<Record<SectionName, string>>;
}

export interface RowText {
  /** Of what the texts were made; equal when they would be equal. */
  readonly made: string;
  readonly seen: TargetSnapshot;
  /** JSON object of the row without readings. */
  readonly steady: string;
  /** JSON object of the readings, with the id. */
  readonly readings: string;
}

export const sectionNames = ['hosts', 'alerts', 'policies', 'loadTests', 'problems', 'email'] as const;
export type SectionName = (typeof sectionNames)[number];

/** The rest of a storm is told by the counts of the rows. */
const MAX_ALERTS = 300;

/** Rows of which nothing was seen since `before` are taken from there. */
export function takePicture(reader: DashboardReader, before: Picture | undefined): Picture {
  const snapshot = reader.overview();
  const alertsByTarget = Map.groupBy(snapshot.alerts, ({ target }) => target.id);
  const rows = new Map<string, RowText>();
  for (const seen of snapshot.targets) {
    const { id } = seen.observation.target;
    rows.set(id, rowText(seen, alertsByTarget.get(id) ?? [], before?.rows.get(id)));
  }
  return { at: reader.lookedAt() ?? snapshot.at, rows, sections: sectionTexts(snapshot, reader) };
}

function rowText(seen: TargetSnapshot, alerts: readonly Alert[], before: RowText | undefined): RowText {
  const made = madeOf(seen, alerts);
  if (before?.made === made) return before;
  return {
    made,
    seen,
    steady: JSON.stringify(steadyRow(seen, alerts)),
    readings: JSON.stringify(readings(seen)),
  };
}

function madeOf({ observation, severity, policies, loadtest }: TargetSnapshot, alerts: readonly Alert[]): string {
  const states = alerts.map((alert) => `${alert.state}${(alert.silencedBy ?? alert.acknowledgedBy) === undefined}`);
  return [observation.at, observation.kind, severity, loadtest?.name, ...policies, ...states].join('\n');
}

function sectionTexts(snapshot: Snapshot, reader: DashboardReader): Picture['sections'] {
  const { hosts, policies, loadTests, problems, email } = snapshot;
  const sections: LiveSections = {
    hosts,
    alerts: liveAlerts(snapshot),
    policies: policies.map((policy) => ({ ...policy, conditions: reader.conditions(policy.key) })),
    loadTests: loadTests ?? [],
    problems,
    email,
  };
  return {
    hosts: JSON.stringify(sections.hosts),
    alerts: JSON.stringify(sections.alerts),
    policies: JSON.stringify(sections.policies),
    loadTests: JSON.stringify(sections.loadTests),
    problems: JSON.stringify(sections.problems),
    email: JSON.stringify(sections.email),
  };
}

function liveAlerts(snapshot: Snapshot): readonly LiveAlert[] {
  const byKey = new Map(snapshot.alerts.map((alert) => [alert.key, alert]));
  return sortedAlerts(snapshot)
    .slice(0, MAX_ALERTS)
    .map((view) => {
      const alert = byKey.get(view.key);
      return {
        ...view,
        target: alert?.target.id ?? '',
        silencedBy: alert?.silencedBy ?? null,
        inhibitedBy: alert?.inhibitedBy ?? null,
        acknowledgedBy: alert?.acknowledgedBy ?? null,
      };
    });
}

/** JSON of a whole row: two objects that have no field in common, made one. */
export function wholeRow({ steady, readings: moving }: RowText): string {
  return `${steady.slice(0, -1)},${moving.slice(1)}`;
}

/** JSON of {@link LiveState}. */
export function stateJson({ at, rows, sections }: Picture): string {
  const all = [...rows.values()].map(wholeRow).join(',');
  return `{"at":${at},"rows":[${all}],${sectionNames.map((name) => `"${name}":${sections[name]}`).join(',')}}`;
}
