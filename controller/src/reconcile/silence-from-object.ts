import type { KubeObject } from '../kube/client.ts';
import { parseDuration } from '../model/duration.ts';
import type { SilenceSpec, SilenceSpecSchedule, SilenceSpecTargetSelector } from '../model/resources.generated.ts';
import type { Silence, WeeklyWindow } from '../model/silence.ts';

/** A silence, or why the object cannot be one. */
export type ParsedSilence =
  | { readonly kind: 'silence'; readonly silence: Silence }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

/** Reads an admitted Silence: its spec has been checked against the schema, which knows no names of time zones. */
export function silenceFromObject({ metadata, spec: admitted }: KubeObject): ParsedSilence {
  const spec = admitted as SilenceSpec;
  const startsAt = Date.parse(spec.startsAt ?? metadata.creationTimestamp ?? '');
  if (Number.isNaN(startsAt)) return invalid('spec.startsAt', 'is no time');
  const endsAt = endOf(spec, startsAt);
  if (Number.isNaN(endsAt)) return invalid('spec', 'its end is no time');
  if (spec.schedule !== undefined && !isTimeZone(spec.schedule.timeZone))
    return invalid('spec.schedule.timeZone', `"${spec.schedule.timeZone}" is not a time zone such as Europe/Berlin`);
  const window = spec.schedule && windowOf(spec.schedule);
  return {
    kind: 'silence',
    silence: { ...identityOf(metadata), startsAt, endsAt, schedule: window, ...matchersOf(spec) },
  };
}

function identityOf({ name, namespace = '' }: KubeObject['metadata']): Pick<Silence, 'key' | 'namespace' | 'name'> {
  return { key: `${namespace}/${name}`, namespace, name };
}

function matchersOf(
  spec: SilenceSpec,
): Omit<Silence, 'key' | 'namespace' | 'name' | 'startsAt' | 'endsAt' | 'schedule'> {
  const { policies = [], rules = [], severities = [], targetSelector, containerNames = [] } = spec;
  return {
    policies,
    rules,
    severities,
    targetSelector: targetSelector && selectorOf(targetSelector),
    containerNames,
  };
}

function invalid(field: string, message: string): ParsedSilence {
  return { kind: 'invalid', field, message };
}

/** Undefined: it has no end. NaN: it has one that cannot be read. */
function endOf({ endsAt, duration }: SilenceSpec, startsAt: number): number | undefined {
  if (duration !== undefined) return startsAt + (parseDuration(duration) ?? Number.NaN);
  return endsAt === undefined ? undefined : Date.parse(endsAt);
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

function windowOf({ days = [], start, end, timeZone }: SilenceSpecSchedule): WeeklyWindow {
  return {
    days: days.map((day) => weekdays.indexOf(day)),
    startMinute: minuteOf(start),
    endMinute: minuteOf(end),
    timeZone,
  };
}

/** Of `HH:MM`, which the schema has checked. */
function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function selectorOf({ matchLabels = {}, matchExpressions = [] }: SilenceSpecTargetSelector): Silence['targetSelector'] {
  return { matchLabels, matchExpressions: matchExpressions.map(({ values = [], ...rest }) => ({ ...rest, values })) };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
