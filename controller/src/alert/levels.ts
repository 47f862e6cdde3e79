import type { AlertLevel } from '../model/alert.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { LevelVerdict, RuleVerdict } from '../model/verdict.ts';

/** The timers of every level after these verdicts, highest severity first; a level that is not verdicted is gone. */
export function advanceLevels(
  levels: readonly AlertLevel[],
  { levels: verdicts, unjudgedSince }: Pick<RuleVerdict, 'levels' | 'unjudgedSince'>,
  now: number,
): readonly AlertLevel[] {
  return verdicts
    .flatMap((verdict) => {
      const found = levels.find(({ severity }) => severity === verdict.severity);
      const known = found && withPause(noLaterThan(found, now), unjudgedSince);
      return advanceLevel(known, verdict, now) ?? [];
    })
    .toSorted((a, b) => compareSeverity(b.severity, a.severity));
}

/** A clock that was set back must not leave a timer that waits for the time it once showed. */
function noLaterThan(level: AlertLevel, now: number): AlertLevel {
  const earliest = (at: number | undefined): number | undefined => (at === undefined ? undefined : Math.min(at, now));
  return {
    ...level,
    breachedSince: Math.min(level.breachedSince, now),
    clearSince: earliest(level.clearSince),
    unknownSince: earliest(level.unknownSince),
  };
}

/** Time in which nobody looked is as time in which nothing could be known. */
function withPause(level: AlertLevel, unjudgedSince: number | undefined): AlertLevel {
  if (unjudgedSince === undefined || level.unknownSince !== undefined) return level;
  return { ...level, unknownSince: Math.max(unjudgedSince, level.breachedSince, level.clearSince ?? 0) };
}

function advanceLevel(level: AlertLevel | undefined, verdict: LevelVerdict, now: number): AlertLevel | undefined {
  switch (verdict.verdict.kind) {
    case 'unknown':
      return level && { ...level, unknownSince: level.unknownSince ?? now };
    case 'clear':
      return level?.firing === true ? keepFiring(level, verdict, now) : undefined;
    default:
      return breach(level, verdict, now);
  }
}

/** An event-like rule is true in one look only, so neither of its timers could ever run out. */
function breach(level: AlertLevel | undefined, verdict: LevelVerdict, now: number): AlertLevel {
  const { severity, eventLike } = verdict;
  const forMs = eventLike ? 0 : verdict.forMs;
  const breachedSince = level === undefined ? now : level.breachedSince + timeUnknown(level, now);
  return { severity, breachedSince, firing: level?.firing === true || now - breachedSince >= forMs };
}

function keepFiring(level: AlertLevel, verdict: LevelVerdict, now: number): AlertLevel | undefined {
  const clearSince = level.clearSince === undefined ? now : level.clearSince + timeUnknown(level, now);
  const keepFiringForMs = verdict.eventLike ? 0 : verdict.keepFiringForMs;
  if (now - clearSince >= keepFiringForMs) return undefined;
  return { ...level, clearSince, unknownSince: undefined };
}

/** How long a timer has stood still. */
function timeUnknown({ unknownSince }: AlertLevel, now: number): number {
  return unknownSince === undefined ? 0 : now - unknownSince;
}

/** The severity that speaks: the highest that fires, else the highest that is pending. */
export function speakingSeverity(levels: readonly AlertLevel[]): Severity | undefined {
  return (levels.find(({ firing }) => firing) ?? levels[0])?.severity;
}
